from newsroom.desks.culture.app import culture as router
