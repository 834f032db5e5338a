"""A small application of FastAPI in memory, with health endpoints of any kind."""

from selfcheck.check import Repository
from selfcheck.testing import memory

CHECKED = '    session.execute("SELECT 1")\n    return {"status": "ok"}\n'
ALIVE = '    return {"status": "alive"}\n'


def service(**bodies: str) -> Repository:
    """The application whose `health`, `readiness` and `liveness` have these bodies; what is not given is right."""
    given = {"health": CHECKED, "readiness": CHECKED, "liveness": ALIVE, **bodies}
    endpoints = (f'@router.get("{PATHS[name]}")\ndef {name}():\n{body}\n\n' for name, body in given.items())
    return memory(
        {
            "shop/__init__.py": "",
            "shop/main.py": MAIN,
            "shop/health.py": f"from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n{''.join(endpoints)}",
        }
    )


PATHS = {"health": "", "readiness": "/readiness", "liveness": "/liveness"}
MAIN = 'from fastapi import FastAPI\nfrom shop.health import router\n\napp = FastAPI()\napp.include_router(router, prefix="/health")\n'
