import flama

from acme.edge.main import app

flama.run(flama_app=app)
