"""Similarities of queries and keys whose form is learned."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class GeneralSimilarity(nn.Module):
    """x^T W y for every query x and key y (Luong et al. 2015).

    (batch, queries, features), (batch, keys, key_features) -> (batch, queries, keys)
    """

    def __init__(self, features: int, key_features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(key_features, features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, query: Tensor, key: Tensor) -> Tensor:
        return F.linear(query, self.weight) @ key.transpose(1, 2)


class AdditiveSimilarity(nn.Module):
    """<w_query, x> + <w_key, y> for every query x and key y.

    (batch, queries, features), (batch, keys, key_features) -> (batch, queries, keys)
    """

    def __init__(self, features: int, key_features: int) -> None:
        super().__init__()
        self.query_weight = nn.Parameter(torch.empty(1, features))
        self.key_weight = nn.Parameter(torch.empty(1, key_features))
        nn.init.xavier_uniform_(self.query_weight)
        nn.init.xavier_uniform_(self.key_weight)

    def forward(self, query: Tensor, key: Tensor) -> Tensor:
        return F.linear(query, self.query_weight) + F.linear(key, self.key_weight).transpose(1, 2)


class BahdanauSimilarity(nn.Module):
    """w^T tanh(W_query x + W_key y) for every query x and key y (Bahdanau et al. 2015).

    (batch, queries, features), (batch, keys, key_features) -> (batch, queries, keys)
    """

    def __init__(self, features: int, key_features: int, hidden: int) -> None:
        super().__init__()
        self.query_weight = nn.Parameter(torch.empty(hidden, features))
        self.key_weight = nn.Parameter(torch.empty(hidden, key_features))
        self.weight = nn.Parameter(torch.empty(1, hidden))
        for weight in (self.query_weight, self.key_weight, self.weight):
            nn.init.xavier_uniform_(weight)

    def forward(self, query: Tensor, key: Tensor) -> Tensor:
        met = F.linear(query, self.query_weight).unsqueeze(2) + F.linear(key, self.key_weight).unsqueeze(1)
        return F.linear(met.tanh(), self.weight).squeeze(3)  # (batch, queries, keys)
