"""Small repositories: such whose secret works without being set, and such that are in order or guard what they do.

Each is one shape: files by their paths. No value here is anybody's.
"""

import base64

Files = dict[str, str]

_SETTINGS = "from pydantic_settings import BaseSettings, SettingsConfigDict\nfrom pydantic import Field, SecretStr\n"
_ENCODED = base64.b64encode(b"hunter2hunter2").decode()


def py(text: str, path: str = "app/config.py") -> Files:
    """One Python module."""
    return {path: text}


def ts(text: str, path: str = "src/config.ts") -> Files:
    """One module of TypeScript."""
    return {path: text}


INSECURE: dict[str, Files] = {
    "pydantic field": py(f'{_SETTINGS}class Settings(BaseSettings):\n    SECRET_KEY: str = "dev"\n'),
    "pydantic Field": py(f'{_SETTINGS}class S(BaseSettings):\n    jwt_secret: str = Field("dev-secret")\n'),
    "pydantic Field default": py(
        f'{_SETTINGS}class S(BaseSettings):\n    jwt_secret: str = Field(default="dev-secret")\n'
    ),
    "pydantic SecretStr": py(f'{_SETTINGS}class S(BaseSettings):\n    secret: SecretStr = SecretStr("abcdef123")\n'),
    "pydantic prefix": py(
        f'{_SETTINGS}class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_")\n    password: str = "admin"\n'
    ),
    "pydantic encryption key": py(f'{_SETTINGS}class S(BaseSettings):\n    ENCRYPTION_LOCAL_KEY: str = "VldhcXZhZQ"\n'),
    "dataclass": py('@dataclass\nclass DatabaseConfig:\n    password: str = "postgres"\n'),
    "config class": py('class Config:\n    SECRET_KEY = "you-will-never-guess"\n'),
    "getenv": py('import os\nSECRET_KEY = os.getenv("SECRET_KEY", "changeme")\n'),
    "environ.get": py('import os\nSECRET_KEY = os.environ.get("SECRET_KEY", "s3cr3t")\n'),
    "environ.get or": py('import os\nJWT_SECRET = os.environ.get("JWT_SECRET") or "dev"\n'),
    "nested getenv": py('import os\nP = os.getenv("DB_PASSWORD", os.getenv("PG_PASSWORD", "postgres"))\n'),
    "chain": py('import os\nS = os.getenv("SESSION_SECRET") or os.getenv("SECRET") or "x1"\n'),
    "setdefault": py('import os\nos.environ.setdefault("SECRET_KEY", "devkey")\n'),
    "dict environ": py('import os\nKEY = dict(os.environ).get("SIGNING_KEY", "devkey")\n'),
    "environ alias": py('import os\nenv = os.environ\nKEY = env.get("SIGNING_KEY", "devkey")\n'),
    "except KeyError": py('import os\ntry:\n    K = os.environ["JWT_SECRET"]\nexcept KeyError:\n    K = "fallback1"\n'),
    "except return": py(
        'import os\ndef key():\n    try:\n        return os.environ["JWT_SECRET"]\n    except KeyError:\n        return "fallback1"\n'
    ),
    "decouple": py('from decouple import config\nSECRET_KEY = config("SECRET_KEY", default="insecure")\n'),
    "starlette": py(
        'from starlette.config import Config\nconfig = Config(".env")\nSECRET_KEY = config("SECRET_KEY", cast=Secret, default="abc123")\n'
    ),
    "environs": py('from environs import Env\nenv = Env()\nDB_PASSWORD = env.str("DB_PASSWORD", "postgres")\n'),
    "django-environ": py('import environ\nenv = environ.Env()\nSECRET_KEY = env("SECRET_KEY", default="x-y-z-1")\n'),
    "django-environ scheme": py('import environ\nenv = environ.Env(SECRET_KEY=(str, "insecure-dev"))\n'),
    "dynaconf get": py('KEY = settings.get("SECRET_KEY", "devdevdev")\n'),
    "dynaconf file": {"settings.toml": '[default]\nsecret_key = "dev-key-1"\n'},
    "constant": py('import os\nDEFAULT = "change-me"\nSECRET_KEY = os.getenv("SECRET_KEY", DEFAULT)\n'),
    "constant one import away": {
        "app/constants.py": 'CHANGE_ME = "CHANGE_ME_TO_A_LONG_RANDOM_STRING"\n',
        "app/config.py": 'import os\nfrom app.constants import CHANGE_ME\nSECRET_KEY = os.getenv("SECRET_KEY") or CHANGE_ME\n',
    },
    "empty": py('import os\nJWT_SECRET = os.environ.get("JWT_SECRET", "")\n'),
    "through a call": py('import os\nP = quote_plus(os.getenv("DB_PASSWORD", "difyai123456"))\n'),
    "token of our own": py('import os\nTOKEN = os.getenv("INTERNAL_API_TOKEN", "changeme")\n'),
    "token in words": py('import os\nTOKEN = os.getenv("INTERNAL_API_TOKEN", "change me please")\n'),
    "address": py('import os\nDATABASE_URL = os.getenv("DATABASE_URL", "postgresql://postgres:postgres@db/app")\n'),
    "address in parts": py('import os\nDATABASE_URL = "postgresql://app:hunter22@" + os.environ["DB_HOST"] + "/app"\n'),
    "admin": py('import os\nADMIN_PASSWORD = os.getenv("ADMIN_PASSWORD", "admin")\n'),
    "parameter": py('def connect(host, password="hunter22"):\n    pass\n'),
    "click option": py('@click.option("--secret-key", default="dev-secret")\ndef serve(secret_key):\n    pass\n'),
    "django": py('INSTALLED_APPS = []\nSECRET_KEY = "django-insecure-k2#x9d8v7b6n5m4q3w2e1r"\n', "site/settings.py"),
    "django databases": py('DATABASES = {"default": {"PASSWORD": "letmein"}}\n', "site/settings.py"),
    "flask attribute": py('app = Flask(__name__)\napp.secret_key = "super secret"\n', "app/web.py"),
    "flask item": py('def create_app():\n    app.config["SECRET_KEY"] = "dev"\n', "app/web.py"),
    "flask from_mapping": py('def create_app():\n    app.config.from_mapping(SECRET_KEY="dev")\n', "app/web.py"),
    "flask update": py('app.config.update({"SECRET_KEY": "dev-123"})\n', "app/web.py"),
    "jwt encode": py('import jwt\ntoken = jwt.encode({}, "top-secret", algorithm="HS256")\n', "app/auth.py"),
    "jose decode": py('from jose import jwt\njwt.decode(token, "top-secret", algorithms=["HS256"])\n', "app/auth.py"),
    "session middleware": py('app.add_middleware(SessionMiddleware, secret_key="abc123")\n', "app/main.py"),
    "dead guard": py(
        'import os\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\nif not SECRET_KEY:\n    raise RuntimeError("x")\n'
    ),
    "warn-only guard": py(
        'import os, logging\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\nif SECRET_KEY == "dev":\n    logging.warning("change it")\n'
    ),
    "guard for development": py(
        'import os\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\nif DEBUG and SECRET_KEY == "dev":\n    raise RuntimeError("x")\n'
    ),
    "guard nobody calls": py(
        'import os\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\ndef verify_it():\n    if SECRET_KEY == "dev":\n        raise RuntimeError("x")\n'
    ),
    "guard of another value": py(
        'import os\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\nif SECRET_KEY == "changeme":\n    raise RuntimeError("x")\n'
    ),
    "js or": ts("const secret = process.env.JWT_SECRET || 'secret';\n"),
    "ts nullish": ts("export const JWT_SECRET: string = process.env.JWT_SECRET ?? 'dev-secret';\n"),
    "ts item": ts("const s = process.env['SESSION_SECRET'] || 'keyboard cat';\n"),
    "ts destructured": ts("const { COOKIE_SECRET = 'abc123' } = process.env;\n"),
    "zod": ts(
        "export const env = z.object({ JWT_SECRET: z.string().min(3).default('changeme') }).parse(process.env);\n"
    ),
    "vite": ts("const key = import.meta.env.VITE_ENCRYPTION_KEY || 'devdevdev';\n"),
    "script with a date": ts("export const JWT_SECRET = 'abcdef123456';\n", "src/keys-20240101.js"),
    "js sign": ts("const t = jwt.sign(payload, 'shhhhh');\n", "src/auth.js"),
    "nest register": ts(
        "@Module({ imports: [JwtModule.register({ secret: 'xyzzy1' })] })\nexport class AuthModule {}\n"
    ),
    "express session": ts("app.use(session({ secret: 'keyboard cat', resave: false }));\n", "src/app.js"),
    "nest config": ts("const s = this.configService.get('JWT_SECRET', 'devsecret');\n"),
    "js object": ts("export default { jwtSecret: process.env.KEY_X || 'devsecret' };\n"),
    "compose default": {
        "docker-compose.yml": "services:\n  web:\n    environment:\n      SECRET_KEY: ${SECRET_KEY:-changeme}\n"
    },
    "compose literal": {"compose.yaml": "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: postgres\n"},
    "compose list": {
        "docker-compose.yml": "services:\n  web:\n    environment:\n      - JWT_SECRET=abcdef\n      - A=b\n"
    },
    "compose address": {
        "docker-compose.yml": "services:\n  web:\n    environment:\n      DATABASE_URL: postgres://u:${PW:-pw1}@db/x\n"
    },
    "compose over random": {
        "app/config.py": 'import os, secrets\nSECRET_KEY = os.getenv("SECRET_KEY", secrets.token_hex())\n',
        "compose.yml": "services:\n  web:\n    environment:\n      SECRET_KEY: 60gp0byfz2dvffa45cxl20p1scy9xbpf6d8c5y0geejgkyp1b5\n",
    },
    "compose anchor": {
        "compose.yml": "x-a: &a\n  SECRET_KEY: dev\nservices:\n  web:\n    environment:\n      <<: *a\n"
    },
    "dockerfile": {"Dockerfile": "FROM python:3.12\nENV SECRET_KEY=changeme A=b\n"},
    "dockerfile continued": {"Dockerfile": "FROM x\nENV A=b \\\n    ADMIN_PASSWORD=admin\n"},
    "dockerfile arg": {"Dockerfile": "FROM x\nARG JWT_SECRET=abc123\n"},
    "env file": {".env": "DEBUG=1\nSECRET_KEY=k9f8d7s6a5g4h3j2\n"},
    "env file for production": {".env.production": 'export ADMIN_PASSWORD="Sommer2024"\n'},
    "example that works": {".env.example": "SECRET_KEY=sk-9f73s3ljTXVcMT3Blb3ljTqtsKiGHXVcMT3\n"},
    "helm values": {"charts/app/values.yaml": "auth:\n  secretKey: supersecretvalue\n"},
    "helm password": {"chart/values.yaml": "postgresql:\n  auth:\n    password: postgres\n"},
    "helm env": {"chart/values.yaml": "env:\n  - name: JWT_SECRET\n    value: abcdef\n"},
    "kubernetes stringData": {"k8s/secret.yaml": "kind: Secret\nstringData:\n  JWT_SECRET: abcdef123\n"},
    "kubernetes data": {"k8s/secret.yaml": f"kind: Secret\ndata:\n  DB_PASSWORD: {_ENCODED}\n"},
    "kubernetes second document": {
        "deploy/app.yaml": "kind: Service\n---\nkind: Deployment\nspec:\n  containers:\n    - env:\n        - name: SECRET_KEY\n          value: abc123\n"
    },
    "spring": {"src/main/resources/application.yml": "jwt:\n  secret: mall-admin-secret\n"},
    "spring default": {"src/main/resources/application.properties": "spring.datasource.password=${DB_PASSWORD:root}\n"},
    "spring for production": {
        "src/main/resources/application-prod.yml": "spring:\n  datasource:\n    password: 123456\n"
    },
    "terraform": {"infra/variables.tf": 'variable "db_password" {\n  type    = string\n  default = "hunter22"\n}\n'},
    "terraform resource": {"main.tf": 'resource "aws_db_instance" "a" {\n  password = "hunter22"\n}\n'},
    "alembic": {"alembic.ini": "[alembic]\nsqlalchemy.url = postgresql://postgres:develove@localhost:8100/backend\n"},
    "workflow": {".github/workflows/deploy.yml": "jobs:\n  a:\n    env:\n      DEPLOY_TOKEN: Zk38fhs83hfKs93hd\n"},
}

BENIGN: dict[str, Files] = {
    "required": py('import os\nSECRET_KEY = os.environ["SECRET_KEY"]\n'),
    "absent": py('import os\nSECRET_KEY = os.getenv("SECRET_KEY")\n'),
    "half of a pair": py('import os\nAPP_PRIVATE_KEY = os.environ.get("APP_PRIVATE_KEY", "")\n'),
    "labels of fields": py('class Kind:\n    STRING = "String"\n    SECRET = "Secret"\n    PASSWORD = "Password"\n'),
    "sizes called tokens": {"web/scale.tsx": "const SCALE = [{ token: 'xs', px: 4 }, { token: '2xl', px: 32 }];\n"},
    "pydantic required": py(f"{_SETTINGS}class S(BaseSettings):\n    SECRET_KEY: str\n    TOKEN: str | None = None\n"),
    "pydantic ellipsis": py(f"{_SETTINGS}class S(BaseSettings):\n    SECRET_KEY: str = Field(...)\n"),
    "random": py('import os, secrets\nSECRET_KEY = os.getenv("SECRET_KEY", secrets.token_urlsafe(32))\n'),
    "random factory": py(
        f"import secrets\n{_SETTINGS}class S(BaseSettings):\n    SECRET_KEY: str = Field(default_factory=lambda: secrets.token_hex(32))\n"
    ),
    "random after or": py('import os\nK = os.getenv("SECRET_KEY") or os.urandom(24).hex()\n'),
    "random of Django": py('import os\nSECRET_KEY = os.getenv("SECRET_KEY", get_random_secret_key())\n'),
    "stored": py(
        'import os, secrets\nfrom pathlib import Path\ndef make(path):\n    return Path(path).read_text()\nSECRET_KEY = make("/data/secret")\n'
    ),
    "read from a file": py('import os\nSECRET_KEY = open("/run/secrets/key").read()\n'),
    "validator": py(
        f'{_SETTINGS}class S(BaseSettings):\n    SECRET_KEY: str = "changethis"\n    ENVIRONMENT: str = "local"\n'
        '    @model_validator(mode="after")\n    def check(self):\n'
        '        if self.SECRET_KEY == "changethis":\n            if self.ENVIRONMENT == "local":\n                warnings.warn("x")\n'
        '            else:\n                raise ValueError("x")\n        return self\n'
    ),
    "field validator": py(
        f'{_SETTINGS}class S(BaseSettings):\n    SECRET_KEY: str = "dev"\n    @field_validator("SECRET_KEY")\n    @classmethod\n'
        '    def strong(cls, v):\n        if len(v) < 32:\n            raise ValueError("short")\n        return v\n'
    ),
    "validator that calls": py(
        f'{_SETTINGS}class S(BaseSettings):\n    SECRET_KEY: str = "changethis"\n    def _check(self, name, value):\n'
        '        if value == "changethis":\n            raise ValueError(name)\n    @model_validator(mode="after")\n'
        '    def check(self):\n        self._check("SECRET_KEY", self.SECRET_KEY)\n        return self\n'
    ),
    "raise in production": py(
        'import os\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\nif not DEBUG and SECRET_KEY == "dev":\n    raise ImproperlyConfigured("x")\n'
    ),
    "raise for an environment": py(
        'import os\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\nif os.getenv("APP_ENV") == "production" and SECRET_KEY == "dev":\n    raise RuntimeError\n'
    ),
    "exit at start": py(
        'import os, sys\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\ndef verify():\n    if SECRET_KEY in ("dev", "changeme"):\n        sys.exit(1)\nverify()\n'
    ),
    "guard of an empty default": py(
        'import os\nSECRET_KEY = os.environ.get("SECRET_KEY", "")\nif not SECRET_KEY:\n    raise SystemExit("set SECRET_KEY")\n'
    ),
    "assert": py('import os\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\nassert DEBUG or SECRET_KEY != "dev"\n'),
    "guard elsewhere": {
        "app/config.py": f'{_SETTINGS}class S(BaseSettings):\n    SECRET_KEY: str = "dev"\nsettings = S()\n',
        "app/main.py": 'from app.config import settings\nif settings.SECRET_KEY == "dev" and settings.ENV != "local":\n    raise RuntimeError("x")\n',
    },
    "guard called elsewhere": {
        "app/config.py": 'import os\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\ndef verify_key():\n    if SECRET_KEY == "dev":\n        raise RuntimeError("x")\n',
        "app/main.py": "from app.config import verify_key\nverify_key()\n",
    },
    "guard by early return": py(
        'import os\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\ndef verify():\n    if DEBUG:\n        return\n    if SECRET_KEY == "dev":\n        raise RuntimeError("x")\nverify()\n'
    ),
    "guard over names": py(
        f'{_SETTINGS}class S(BaseSettings):\n    SECRET_KEY: str = "dev"\n    def model_post_init(self, _):\n'
        '        for name in ("SECRET_KEY", "B"):\n            if getattr(self, name) == "dev":\n                raise ValueError(name)\n'
    ),
    "replaced": py(
        'import os, secrets\nSECRET_KEY = os.getenv("SECRET_KEY", "dev")\nif SECRET_KEY == "dev":\n    SECRET_KEY = secrets.token_hex()\n'
    ),
    "only in debug": py('if DEBUG:\n    SECRET_KEY = "dev"\n'),
    "other branch": py('import os\nSECRET_KEY = "dev" if DEBUG else os.environ["SECRET_KEY"]\n'),
    "testing class": py('class TestingConfig(Config):\n    SECRET_KEY = "testing"\n'),
    "development class": py('class DevelopmentConfig(Config):\n    SECRET_KEY = "dev"\n'),
    "tests": py('import os\nos.environ.setdefault("SECRET_KEY", "test")\n', "tests/conftest.py"),
    "examples": py('app.secret_key = "development key"\n', "examples/tutorial/app.py"),
    "example of a request": py(
        '@extend_schema(examples=[OpenApiExample("a", value={"user": "a", "password": "secret"})])\nclass Users:\n    pass\n',
        "app/api.py",
    ),
    "example of a model": py(
        'class User(BaseModel):\n    model_config = ConfigDict(json_schema_extra={"example": {"password": "secret"}})\n',
        "app/models.py",
    ),
    "example by its name": py('example = {"password": "secret"}\n', "app/api.py"),
    "message of a token": py('MESSAGES = {"unexpected_token": "Unexpected token"}\nRULES = [{"token": "comment"}]\n'),
    "words for a foreign key": py('import os\nFLAGS_API_KEY = os.getenv("FLAGS_API_KEY", "any key")\n'),
    "kind of a token": py('ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"\n'),
    "switch about secrets": py('import os\nSHOW = os.getenv("SHOP_DISABLE_REDACT_SECRETS", "")\n'),
    "salt of a derivation": py('_HKDF_SALT = b"shop-sso-secret-v1-derivation"\n'),
    "built script": ts("export const JWT_SECRET = 'abcdef123456';\n", "static/assets/952.fcf16880ee68.entry.js"),
    "pictures": py(
        'SIGNS = {"hot_pepper": "\U0001f336", "salt": "\U0001f9c2", "secret": "\u3299\ufe0f"}\n', "app/signs.py"
    ),
    "vendored": py('SECRET_KEY = "k9f8d7s6a5g4h3j2"\n', "pip/_vendor/app/config.py"),
    "key of a mapping": py('CONF_PASSWORD = "password"\nATTR_TOKEN = "access_token"\n', "app/const.py"),
    "enumeration": py('class Scope(StrEnum):\n    PASSWORD = "password"\n    API_KEY = "apikey"\n', "app/const.py"),
    "algorithm": py('import os\nJWT_ALGORITHM = os.getenv("JWT_ALGORITHM", "HS256")\nTOKEN_TYPE = "bearer"\n'),
    "lifetime": py('import os\nACCESS_TOKEN_EXPIRE_MINUTES = int(os.getenv("ACCESS_TOKEN_EXPIRE_MINUTES", "30"))\n'),
    "path of a key": py('import os\nPRIVATE_KEY = os.getenv("PRIVATE_KEY", "/run/secrets/key.pem")\n'),
    "name of a variable": py(
        'API_KEY = os.environ.get(config.api_key_env or "OPENAI_API_KEY")\nTOKEN_ENV = "GITHUB_TOKEN"\n'
    ),
    "address without a password": py('import os\nREDIS_URL = os.getenv("REDIS_URL", "redis://localhost:6379/0")\n'),
    "publishable": ts(
        "const key = process.env.STRIPE_PUBLISHABLE_KEY ?? 'pk_test_abc123abc123';\nconst API_KEY = 'phc_abcdefgh';\n"
    ),
    "vendor's placeholder": py('import os\nOPENAI_API_KEY = os.getenv("OPENAI_API_KEY", "your-api-key")\n'),
    "label": ts("export default { password: 'Password is required.', token: 'auth.token.invalid' };\n", "src/i18n.ts"),
    "ts required": ts("const s = process.env.JWT_SECRET;\nif (!s) { throw new Error('JWT_SECRET is not set'); }\n"),
    "ts guard": ts(
        "const s = process.env.JWT_SECRET || 'dev';\nif (process.env.NODE_ENV === 'production' && s === 'dev') { throw new Error('x'); }\n"
    ),
    "ts exit": ts(
        "const JWT_SECRET = process.env.JWT_SECRET || 'dev';\nif (JWT_SECRET === 'dev') { process.exit(1); }\n"
    ),
    "ts random": ts("const s = process.env.JWT_SECRET ?? crypto.randomBytes(32).toString('hex');\n"),
    "ts cookie name": ts("const AUTH_COOKIE_NAME = 'session_token';\n"),
    "compose required": {
        "compose.yml": "services:\n  web:\n    environment:\n      SECRET_KEY: ${SECRET_KEY:?set it}\n"
    },
    "compose passed on": {"compose.yml": "services:\n  web:\n    environment:\n      - SECRET_KEY\n      - A=${B}\n"},
    "compose of tests": {
        "docker-compose.test.yml": "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: postgres\n"
    },
    "compose refused by a guard": {
        "app/config.py": f'{_SETTINGS}class S(BaseSettings):\n    SECRET_KEY: str\n    @field_validator("SECRET_KEY")\n    @classmethod\n'
        '    def f(cls, v):\n        if v == "changethis":\n            raise ValueError\n        return v\n',
        ".env": "SECRET_KEY=changethis\n",
    },
    "example that is empty": {".env.example": "SECRET_KEY=\nJWT_SECRET=<openssl rand -hex 32>\nDB_PASSWORD=changeme\n"},
    "dockerfile without a value": {"Dockerfile": "FROM x\nARG NPM_TOKEN\nENV SECRET_KEY_FILE=/run/secrets/key\n"},
    "helm empty": {"charts/app/values.yaml": 'auth:\n  secretKey: ""\n  existingSecret: app-secret\n'},
    "helm template": {
        "charts/app/templates/secret.yaml": "kind: Secret\nstringData:\n  KEY: {{ required `x` .Values.key }}\n"
    },
    "sealed secret": {"k8s/secret.yaml": "kind: SealedSecret\nspec:\n  encryptedData:\n    JWT_SECRET: AgBy3i4OJSWK\n"},
    "spring variable": {"src/main/resources/application.yml": "spring:\n  datasource:\n    password: ${DB_PASSWORD}\n"},
    "terraform sensitive": {"variables.tf": 'variable "db_password" {\n  sensitive = true\n}\n'},
    "alembic template": {"alembic.ini": "[alembic]\nsqlalchemy.url = driver://user:pass@localhost/dbname\n"},
    "workflow secrets": {
        ".github/workflows/ci.yml": "jobs:\n  a:\n    env:\n      TOKEN: ${{ secrets.TOKEN }}\n      POSTGRES_PASSWORD: postgres\n"
    },
}
