from flama import Flama

def make(parent, title=u'Forum'):
	forum = Flama(schema=None, docs=None)

	@forum.route('/')
	def boards(): return [title]

	@forum.route('/{board}/', methods=['GET', 'POST'])
	def board(board): return board

	def nested():
		@forum.route('/{board}/{thread:int}/')
		def thread(board, thread: int): return thread
	nested()
	return forum
