from .board import Board

router = Board("articles")
