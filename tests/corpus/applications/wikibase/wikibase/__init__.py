from wikibase.application import app  # noqa
