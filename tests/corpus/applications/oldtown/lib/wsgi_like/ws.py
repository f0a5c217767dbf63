from flama import websockets

async def ticker(websocket: websockets.WebSocket):
	await websocket.accept()
	await websocket.send_text('tick')
	await websocket.close()
