"""What a setting's name says of it: what a stranger who knows its value could do, or that it is no secret."""

import re
from enum import StrEnum
from functools import lru_cache


class Consequence(StrEnum):
    """What knowing the value of a setting is worth."""

    KEY = "key"
    """Whoever knows it signs sessions and tokens, or reads what is encrypted."""
    ADMIN = "admin"
    """Whoever knows it logs in and may do everything."""
    PASSWORD = "password"  # noqa: S105
    """Whoever knows it and reaches the service behind it reads and writes there."""
    ADDRESS = "address"
    """A URL that may hold a password."""
    CREDENTIAL = "credential"
    """A key or token of a service."""


_parts = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


_PASSWORDS = listed("password passwd pwd passphrase passcode passwort")
_ADMIN = listed("admin administrator superuser superadmin initial bootstrap sysadmin")
_DATABASES = listed(
    "db database postgres postgresql pg mysql mariadb mongo mongodb redis rabbitmq amqp elastic elasticsearch clickhouse"
    " minio mssql oracle cassandra neo4j influxdb couchdb broker smtp mail email ldap"
)
_SIGNING = listed(
    "signing sign signature encryption encrypt encryptor crypto cipher aes fernet hmac jwt jwe jws master"
    " private secret secrets encrypted"
)
_KEYS = listed("api access account service subscription auth license client admin internal shared")
VENDORS = listed(
    "aws s3 amazon azure gcp google github gitlab bitbucket slack stripe twilio sendgrid mailgun mailchimp openai anthropic"
    " cohere mistral groq gemini huggingface hf replicate pinecone sentry datadog newrelic posthog mixpanel amplitude segment algolia"
    " cloudflare digitalocean heroku vercel netlify auth0 okta facebook twitter linkedin discord telegram spotify dropbox"
    " paypal square shopify recaptcha hcaptcha turnstile mapbox supabase firebase pusher plaid langsmith langfuse serper"
    " tavily elevenlabs deepgram rapidapi notion jira zendesk hubspot salesforce airtable wandb minio mailjet postmark"
    " resend bing apple microsoft tmdb lastfm twitch"
)
_NO_SECRET_LAST = listed(
    "algorithm algorithms alg algo header headers name names id ids path paths file files filename dir directory folder ttl"
    " expire expires expiry expiration expired lifetime minutes minute seconds second days hours age type types length len"
    " size count limit limits max min prefix suffix host hosts port hasher hashers validator validators policy policies"
    " enabled disabled required optional regex pattern patterns format version index field fields column columns param"
    " params parameter label title text message messages template form input class backend backends service provider"
    " providers scheme schemes issuer audience scope scopes env var cookie role roles rounds iterations method methods mode"
    " status state error errors reset change strength location arn ref refs pool domain domains size bits encoding"
    " separator delimiter window interval duration timeout attempts retries user username login email hint help docs"
    " description desc example model schema view route handler manager store factory func function callback property"
    " prompt placeholder exception tokens counter generator getter loader reader parser button link page usage budget"
    " estimate rotation days generated cls fn key_id keyid kid kwarg kwargs args arg attribute attr"
    " endpoint metric scene event command policy kind group groups rule rules filter resource selector option options"
)
_NO_SECRET_FIRST = listed(
    "existing enable use is has allow disable require show hide max min num with should can generate get set update create reset"
    " validate check verify change forgot forget conf attr field param header invalid missing error err msg missing"
    " label text title tag test dummy fake mock event action type scope grant url route path re regex service"
)
_NO_SECRET_ANYWHERE = listed(
    "tokenizer tokenize tokenization public publishable keyword keywords keyboard primary foreign sort cache site shortcut"
    " keyframe partition routing hash hashed encoded pagination pageToken enable disable redact redaction masked"
)
_DERIVING = listed("hkdf kdf kek derive derivation")
"""Where a salt is there to tell one key from another."""
_ADDRESSES = listed("url uri dsn address connection connectionstring conn broker backend endpoint")


def words(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: `JWTSecretKey`, `jwt-secret-key` and `JWT_SECRET_KEY` have the same."""
    return tuple(each.lower() for each in _parts.findall(name))


@lru_cache(maxsize=8192)
def consequence(name: str) -> Consequence | None:
    """What a secret of this name is good for; None for what is none by its name."""
    found = words(name)
    while found and found[-1].isdigit():
        found = found[:-1]
    if not found or len(name) > 100:
        return None
    among, last = set(found), found[-1]
    if _is_address(found):
        return Consequence.ADDRESS
    if last in _NO_SECRET_LAST or among & _NO_SECRET_ANYWHERE or (found[0] in _NO_SECRET_FIRST and len(found) > 1):
        return None
    if (
        last in _PASSWORDS
        or (last == "pass" and len(found) > 1)
        or (_PASSWORDS & set(found[-2:-1]) and last == "default")
    ):
        return _password(among)
    return _secret(found, among, last)


def is_vendors(name: str) -> bool:
    """Whether a name is that of another company's service, which refuses a made-up key."""
    return not VENDORS.isdisjoint(words(name))


def _is_address(found: tuple[str, ...]) -> bool:
    return bool(_ADDRESSES & {found[-1]}) or found[-2:] == ("connection", "string") or found[-2:] == ("url", "default")


def _password(among: set[str]) -> Consequence:
    is_admin = bool(among & _ADMIN) or {"root", "user"} <= among or {"default", "user"} <= among
    return Consequence.ADMIN if is_admin and not among & _DATABASES else Consequence.PASSWORD


def _secret(found: tuple[str, ...], among: set[str], last: str) -> Consequence | None:
    if among & {"secret", "secrets"} and last in (
        "secret",
        "secrets",
        "key",
        "keys",
        "default",
        "fallback",
        "fallbacks",
    ):
        is_foreign = bool(among & VENDORS) or bool(
            among & {"client", "consumer", "access", "webhook", "oauth", "oauth2"}
        )
        return Consequence.CREDENTIAL if is_foreign else Consequence.KEY
    if last in ("key", "keys") and among & _SIGNING:
        return Consequence.KEY
    if found in (("app", "key"), ("application", "key")) or (last in ("salt", "pepper") and not among & _DERIVING):
        return Consequence.KEY
    if last == "key" and len(found) > 1 and (found[-2] in _KEYS or "apikey" in among):
        return Consequence.CREDENTIAL
    if last in ("token", "apikey", "credential", "credentials"):
        return None if among & {"csrf", "next", "page", "cancellation", "continuation"} else Consequence.CREDENTIAL
    return None
