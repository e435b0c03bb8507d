"""The client's package names what it needs."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from beleg_client import Beleg

from tests.support.documents import ROOT

CLIENT = ROOT / "client"


def imported() -> set[str]:
    """Give the top-level packages that the client's modules import."""
    names: set[str] = set()
    for module in (CLIENT / "beleg_client").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - {"beleg_client"} - sys.stdlib_module_names


def test_dependencies_cover_the_imports() -> None:
    """Whatever the client imports is installed with it, and nothing that it does not use."""
    project = tomllib.loads((CLIENT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.split(r"[<>=!~\[ ]", each)[0].lower() for each in project["dependencies"]}
    distributions = packages_distributions()
    needed = {distributions[name][0].lower() for name in imported()}
    assert needed == named


def test_the_version_is_told_in_one_way() -> None:
    """The package, its module and the User-Agent agree on the version."""
    project = tomllib.loads((CLIENT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module = (CLIENT / "beleg_client" / "__init__.py").read_text(encoding="utf-8")
    transport = (CLIENT / "beleg_client" / "transport.py").read_text(encoding="utf-8")
    assert f'__version__ = "{project["version"]}"' in module
    assert f"beleg-client/{project['version']}" in transport


def test_every_method_is_documented() -> None:
    """client/README.md names each public method of the client, and no other."""
    page = (CLIENT / "README.md").read_text(encoding="utf-8")
    table = page[page.index("| for | methods |") : page.index("## When something")]
    methods = {name for name, member in vars(Beleg).items() if callable(member) and name[0] != "_"}
    assert methods == set(re.findall(r"`(\w+)`", table)) - {"verify_webhook"}
