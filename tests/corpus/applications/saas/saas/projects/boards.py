from flama.routing import Route, Router


def board_list(project): ...
def board(project, board: int): ...


boards = Router(routes=[Route("/", board_list), Route("/{board:int}", board)])
