"""The extraction worker: text in, attribution records out."""

import os

# The engine's matrices are small: threads of the linear algebra library would only wait for each
# other, and several workers share a machine. This has to be said before numpy is first imported.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
