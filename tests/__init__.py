"""Tests of Layerloom: they mirror the studio, hold every node and template to its contract, and tell whole stories."""
