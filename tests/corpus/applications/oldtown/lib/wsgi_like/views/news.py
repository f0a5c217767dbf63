def index(): return []
def year(year: int): return year
def month(year: int, month: int): return month
def story(year: int, month: int, slug): return slug
