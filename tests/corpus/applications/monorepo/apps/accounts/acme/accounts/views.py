class UserStore:
    @staticmethod
    def index(active: bool = True):
        return []

    @staticmethod
    def show(pk: int):
        return pk

    @staticmethod
    def create():
        return {}


class GroupStore(UserStore):
    @staticmethod
    def show(pk: str):
        return pk

    create = None
