"""A function in Python that reads its event and gives a fixed answer."""

import runtime


def handle(event):
    if not isinstance(event, dict):
        raise TypeError("the event is no object")
    return {"items": 1}


runtime.run(handle)
