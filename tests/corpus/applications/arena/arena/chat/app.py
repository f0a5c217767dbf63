from flama import Flama

from . import rooms, whisper

chat = Flama(schema=None, docs=None)
rooms.setup(chat)
chat.mount("/whisper", whisper.router, name="whisper")
