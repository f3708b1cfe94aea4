"""A training process without training: it answers as the tests ask it to, and imports nothing heavy."""

import os
import signal
import socket
import subprocess
import sys
import time

import numpy as np

from studio.training.commands import Pause, Predict, Shutdown, Start, Stop
from studio.training.memory import attach
from studio.training.messages import Log
from studio.training.ring import RingWriter
from studio.training.slots import Picture, SlotWriter
from studio.training.wire import content_of, line, message_of


def main() -> None:
    channel = socket.socket(fileno=int(sys.argv[1]))
    ring, slots = RingWriter(attach(int(sys.argv[2]))), SlotWriter(attach(int(sys.argv[3])))
    for text in channel.makefile("rb"):
        match message_of(content_of(text)):
            case Start(run=words):
                channel.sendall(line(Log(words)))
            case Predict(samples=samples):
                ring.write(3, samples, [float(sample) for sample in samples])
                slots.write(1, Picture(np.arange(12.0).reshape(3, 4), len(samples), {"node": "C1"}))
                channel.sendall(line(Log("written")))
            case Pause():
                child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], close_fds=False)
                channel.sendall(line(Log(str(child.pid))))
            case Stop(keep=True):
                os.kill(os.getpid(), signal.SIGKILL)
            case Stop(keep=False):
                print("the last words", flush=True)
                sys.exit(3)
            case Shutdown():
                return
    time.sleep(600)


main()
