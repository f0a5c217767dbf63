async def ticker(websocket):
	await websocket.accept()
	await websocket.send_text('tick')
	await websocket.close()
