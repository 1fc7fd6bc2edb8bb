"""What people answer to a text: that they want no more, that they do again, that they need help. In the languages of our shoppers."""

import re
import unicodedata
from enum import StrEnum

WORD = re.compile(r"[^\W_]+")


class Asked(StrEnum):
    """What an answer asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    NOTHING = "reply"


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Alone these end the texts. (The first line: any of them has to, in the United States since April 2025.)
STOP = _each(
    """stop quit end revoke optout cancel unsubscribe stopall remove
    arret arreter desabonner desinscrire stopp abmelden abbestellen ende baja parar alto cancelar salir sair remover descadastrar
    basta disiscrivi cancella afmelden uitschrijven 停止 配信停止 解除 ストップ"""
)
# These end them also as the first word of a short sentence ("stop please", "unsubscribe me"): nothing else begins with them.
CLEAR = _each("stop stopp unsubscribe stopall optout arret abmelden abbestellen desabonner baja descadastrar")
START = _each("start unstop resume oui anmelden alta reprendre 再開")
HELP = _each("help info hilfe aide ayuda ajuda ヘルプ")
SHORT = 4  # words


def asked(text: str) -> Asked:
    """What a text asks for, whatever its capitals, accents and punctuation."""
    words = _words(text)
    if not words:
        return Asked.NOTHING
    whole = "".join(words)
    if whole in STOP or (words[0] in CLEAR and len(words) <= SHORT) or (words[:2] == ["opt", "out"] and len(words) <= SHORT):
        return Asked.STOP
    if whole in START:
        return Asked.START
    return Asked.HELP if whole in HELP else Asked.NOTHING


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text[:200].casefold())
    return WORD.findall(unicodedata.normalize("NFC", "".join(letter for letter in bare if unicodedata.category(letter) != "Mn")))
