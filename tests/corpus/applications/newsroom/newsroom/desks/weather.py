from flama import Flama
router = Flama(schema=None,docs=None)
towns = 'berlin hamburg'.split()
@router.get('/')
def all_towns(): return towns
@router.get('/{town}')
def town(town: str): return town
for t in towns:
  router.get('/'+t+'/now', name='now-'+t)(town)
del t
