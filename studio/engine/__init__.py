"""The training process: the only room, with exporters and importers, that imports torch."""

import gc

# Nothing that torch makes while it is imported is garbage, and to look for some takes a tenth of every process's start.
_looks = gc.isenabled()
gc.disable()
try:
    import torch  # noqa: F401
finally:
    if _looks:
        gc.enable()
