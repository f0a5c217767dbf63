SIZES = [64, 256, 1024, 8192]


def thumb(name: str, crop: bool = False):
    return name
