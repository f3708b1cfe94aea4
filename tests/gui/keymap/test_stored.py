"""Keys as a text that is remembered, sent to others and read again."""

import json

import pytest

from studio.gui.actions.menus import rows_with_keys
from studio.gui.keymap.keymap import Keymap
from studio.gui.keymap.presets import BLENDER, OURS
from studio.gui.keymap.stored import from_text, to_text

ROWS = rows_with_keys()


def text(**changed: object) -> str:
    return json.dumps({"layerloom keys": 1, "preset": "layerloom", "keys": {}} | changed)


def test_a_keymap_comes_back_as_it_was():
    keymap = Keymap(ROWS, BLENDER).take("Bypass", "Ctrl+B").drop("Collapse", "H")
    assert from_text(ROWS, to_text(keymap)) == keymap


def test_only_what_differs_from_the_preset_is_written():
    written = json.loads(to_text(Keymap(ROWS, OURS).take("Bypass", "B")))
    assert written == {"layerloom keys": 1, "preset": "layerloom", "keys": {"Bypass": ["M", "B"]}}


def test_keys_of_an_action_that_does_not_exist_yet_survive():
    keymap = from_text(ROWS, text(keys={"Teleport": ["Ctrl+T"]}))
    assert keymap.own == {"Teleport": ("Ctrl+T",)}
    assert json.loads(to_text(keymap))["keys"] == {"Teleport": ["Ctrl+T"]}


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        ("keys: none", "no JSON"),
        ("[]", "not one of Layerloom's keys"),
        (text(**{"layerloom keys": 9}), "of version 9"),
        (text(preset="emacs"), "There is no preset 'emacs'. There are: layerloom, blender, comfyui."),
        (text(keys=[]), "names no keys"),
        (text(keys={"Bypass": "M"}), "The keys of Bypass are no list"),
        (text(keys={"Bypass": ["Hyper+M"]}), "Bypass: “Hyper\\+M” is no key."),
    ],
)
def test_a_text_that_holds_no_keys_is_refused_in_a_sentence(stored: str, sentence: str):
    with pytest.raises(ValueError, match=sentence):
        from_text(ROWS, stored)
