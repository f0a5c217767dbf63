from wsgi_like.conf import CONF, ADMIN_URL
from wsgi_like.views import main, news, shop
from wsgi_like.views.admin import *
from wsgi_like.ws import ticker

NEWS = [
	('/', news.index),
	('/{year:int}/', news.year),
	('/{year:int}/{month:int}/', news.month, {'name': 'news-month'}),
	('/{year:int}/{month:int}/{slug}', news.story),
]

urlpatterns = [
	('/', main.index),
	('/index.html', main.index, dict(name='index-html')),
	('/impressum', main.imprint, {'include_in_schema': False}),
	('/news', NEWS),
]
urlpatterns += [(ADMIN_URL + p, v, {'methods': m}) for p, v, m in ADMIN]
if CONF['shop']:
	urlpatterns.append(('/shop', [
		('/', shop.front),
		('/basket', shop.basket, {'methods': ['GET', 'POST']}),
		('/item/{number:int}', shop.item),
	]))
if CONF['guestbook']:
	urlpatterns.append(('/guestbook', main.guestbook))

ws_patterns = (('/ticker', ticker), )

def include_all(app):
	if CONF.get('forum'):
		from wsgi_like import forum
		app.mount('/forum', forum.make(app))
	if CONF.get('wiki', False):
		from wsgi_like import wiki
		app.mount('/wiki', wiki.app)
