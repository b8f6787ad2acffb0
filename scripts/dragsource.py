#!/usr/bin/python3
"""A small window from which files can be dragged with the mouse, as from a file manager.

usage: scripts/dragsource.py FILE...      needs python3-gi and gir1.2-gtk-3.0

It stands at the top left of the screen, 160x60 pixels, and prints a line for each drag that ended: "dropped", or "refused" when
nobody took the files.
"""

import pathlib
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

uris = [pathlib.Path(name).resolve().as_uri() for name in sys.argv[1:]]
refused = False


def failed(*_):
    global refused
    refused = True
    return True  # without the animation


def ended(*_):
    global refused
    print("refused" if refused else "dropped", flush=True)
    refused = False


handle = Gtk.EventBox()
handle.add(Gtk.Label(label=f"drag {len(uris)} file(s)"))
handle.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
handle.drag_source_add_uri_targets()
handle.connect("drag-data-get", lambda _w, _c, data, _i, _t: data.set_uris(uris))
handle.connect("drag-failed", failed)
handle.connect("drag-end", ended)
window = Gtk.Window(title="Drag source", type_hint=Gdk.WindowTypeHint.UTILITY)
window.set_decorated(False)
window.set_keep_above(True)
window.set_default_size(160, 60)
window.move(0, 0)
window.add(handle)
window.connect("destroy", Gtk.main_quit)
window.show_all()
Gtk.main()
