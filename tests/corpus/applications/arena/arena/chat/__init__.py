from .app import chat
