"""Torch code of layers that torch.nn lacks; each file stands alone, so that an export can carry it along."""
