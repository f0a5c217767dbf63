from flama import Router

billing = Router()


@billing.get("/invoices")
async def invoices(): ...


@billing.get("/invoices/{number:int}")
async def invoice(number: int): ...
