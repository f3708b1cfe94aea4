"""Fashion-MNIST, in the format of MNIST."""

from collections.abc import Mapping
from typing import ClassVar

from nodes.data.mnist import MNIST
from studio.core.download import RemoteFile

FAMILY = "Data"


class FashionMNIST(MNIST):
    """70,000 pictures of clothes, 28×28: as small as MNIST, but harder. 31 MB to download."""

    synonyms = ("clothes", "zalando")
    purpose = "MNIST's size and format with a harder task: networks that all reach 99 % on digits differ here."
    trap = "Shirt, T-shirt, pullover and coat are hard to tell apart even for people."
    paper = "Xiao et al. 2017, Fashion-MNIST https://arxiv.org/abs/1708.07747"
    classes = (
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    )  # fmt: skip
    licence = "MIT; Zalando SE"
    source = "https://github.com/zalandoresearch/fashion-mnist"

    place = "FashionMNIST/raw"
    mirrors = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)
    files: ClassVar[Mapping[str, RemoteFile]] = {
        "train-images-idx3-ubyte.gz": RemoteFile(26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        "train-labels-idx1-ubyte.gz": RemoteFile(29_515, "25c81989df183df01b3e8a0aad5dffbe"),
        "t10k-images-idx3-ubyte.gz": RemoteFile(4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
        "t10k-labels-idx1-ubyte.gz": RemoteFile(5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
    }
