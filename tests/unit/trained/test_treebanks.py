"""The readers of tagged corpora, and what is made from them."""

import gzip
import io
import tarfile

from training.treebanks import read_conllu, read_redewiedergabe
from training.words import HELD_OUT, NEWS, TAGGED, train_words

CONLLU = """\
# sent_id = 1
1\tEr\ter\tPRON\tPPER\tCase=Nom|Number=Sing\t2\tnsubj\t_\t_
2\tsei\tsein\tAUX\tVAFIN\tMood=Sub|VerbForm=Fin\t0\troot\t_\t_
3-4\tzum\t_\t_\t_\t_\t_\t_\t_\t_
3\tzu\tzu\tADP\tAPPR\t_\t5\tcase\t_\t_
4\tdem\tder\tDET\tART\tCase=Dat\t5\tdet\t_\t_
5\tRathaus\tRathaus\tNOUN\tNN\tCase=Dat\t2\tobl\t_\t_

1\tJa\tja\tINTJ\tPTKANT\t_\t0\troot\t_\t_
"""
TSV = """\
\ufefftok\tnormtok\tlemma\tpos\trfpos\tsentstart\tstwr\tframe\tspeaker\tintexpr\tnote
Sie\tSie\tsie\tPPER\tPRO.Pers.Subst.3.Nom.Sg.Fem\tyes\t-\t-\t-\t-\t-
habe\thabe\thaben\tVAFIN\tVFIN.Aux.1.Sg.Pres.Subj\tno\t-\t-\t-\t-\t-
short\trow
Ja\tJa\tja\tFM.xy\tFM\tyes\t-\t-\t-\t-\t-
"""


def write_corpora(folder):
    """Write the three files that training looks for."""
    for name in (NEWS, HELD_OUT):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(CONLLU.encode()))
    archive = folder / TAGGED
    archive.parent.mkdir()
    content = TSV.encode()
    with tarfile.open(archive, "w:xz") as opened:
        for name in ("data/main/tsv/rwk_b.tsv", "data/main/tsv/metadata.tsv"):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            opened.addfile(member, io.BytesIO(content))


def test_conllu_gives_surface_words(tmp_path):
    """A contraction is one word, a finite verb tells its mood, a noun its case."""
    write_corpora(tmp_path)
    first, second = read_conllu(tmp_path / NEWS)
    assert [(w.word, w.tag, w.case) for w in first] == [
        ("Er", "PPER", "Nom"),
        ("sei", "VAFIN.S", "-"),
        ("zum", "APPRART", "-"),
        ("Rathaus", "NN", "Dat"),
    ]
    assert [w.word for w in second] == ["Ja"]


def test_archive_gives_sentences(tmp_path):
    """Sentences are parted at their starts; other tables and broken rows are passed over."""
    write_corpora(tmp_path)
    sentences = read_redewiedergabe(tmp_path / TAGGED)
    assert [[(w.word, w.tag) for w in sentence] for sentence in sentences] == [
        [("Sie", "PPER"), ("habe", "VAFIN.S")],
        [("Ja", "FM")],
    ]


def test_words_are_made_from_the_folders(tmp_path):
    """From the data folder come a tagger, lemmas, and figures on the held-out treebank."""
    write_corpora(tmp_path)
    heard = []
    tagger, lemmas, figures = train_words(tmp_path, heard.append)
    assert "VAFIN.S" in tagger.tags
    assert lemmas.words
    assert set(figures) == {"tagger, stts", "tagger, stts_mood", "tagger, case"}
    assert heard[-1] == 1.0
