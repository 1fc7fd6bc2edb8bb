"""A name server on this machine: real questions over UDP and TCP, answered from a small zone."""

import socketserver
import struct
import threading
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

LIMIT = 1232  # bytes over UDP; a longer answer is cut and asked for again over TCP


@dataclass
class NameServer:
    """`zone`: (name, kind) -> values. `mute` says nothing at all, `broken` answers SERVFAIL; `asked` is what was asked, over what."""

    zone: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    mute: bool = False
    broken: bool = False
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def start(self) -> None:
        server = self

        class OverUdp(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                raw, socket = self.request
                answer = server.answer(raw, "udp")
                if answer is not None:
                    socket.sendto(answer, self.client_address)

        class OverTcp(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                (length,) = struct.unpack("!H", self.request.recv(2))
                answer = server.answer(self.request.recv(length), "tcp")
                if answer is not None:
                    self.request.sendall(struct.pack("!H", len(answer)) + answer)

        self.udp, self.tcp = _on_one_port(OverUdp, OverTcp)
        for one in (self.udp, self.tcp):
            one.daemon_threads = True
            threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        for one in (self.udp, self.tcp):
            one.shutdown()
            one.server_close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.udp.server_address[1]}"

    def answer(self, raw: bytes, how: str) -> bytes | None:
        question = dns.message.from_wire(raw)
        asked = question.question[0]
        name, kind = asked.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(asked.rdtype)
        self.asked.append((name, kind, how))
        if self.mute:
            return None
        reply = dns.message.make_response(question, recursion_available=True)
        if self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif not any(known == name for known, _ in self.zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif values := self.zone.get((name, kind)):
            reply.answer.append(dns.rrset.from_text_list(asked.name, 60, "IN", kind, values))
        return self._fitting(reply, how)

    def _fitting(self, reply: Any, how: str) -> bytes:
        wire: bytes = reply.to_wire(max_size=65535)
        if how == "udp" and len(wire) > LIMIT:
            reply.answer.clear()
            reply.flags |= dns.flags.TC
            wire = reply.to_wire()
        return wire


def _on_one_port(over_udp: Any, over_tcp: Any) -> tuple[socketserver.ThreadingUDPServer, socketserver.ThreadingTCPServer]:
    """Both ways in at one number, as DNS has it; that one of them is free says nothing of the other."""
    for _ in range(50):
        tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), over_tcp)
        try:
            return socketserver.ThreadingUDPServer(tcp.server_address, over_udp), tcp
        except OSError:
            tcp.server_close()
    raise OSError("no port is free both ways")
