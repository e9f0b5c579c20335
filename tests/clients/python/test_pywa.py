"""pywa, as its users use it, against the emulator: nothing of it is changed or mocked.

pywa takes its HTTP client from its user. Ours differs from the usual one in where it connects to: what is meant for
graph.facebook.com goes to the emulator, as a company's own gateway would have it.
"""

import json
import os
import queue
import threading
import unittest
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
from pywa import WhatsApp, types
from pywa.errors import ReEngagementMessage
from pywa.types.templates import BodyText, TemplateLanguage, URLButton

EMULATOR = os.environ["EMULATOR_URL"]
APP_SECRET = os.environ["EMULATOR_APP_SECRET"]
VERIFY_TOKEN = os.environ["EMULATOR_VERIFY_TOKEN"]
ACCESS_TOKEN = os.environ["EMULATOR_ACCESS_TOKEN"]
WEBHOOK_PORT = int(os.environ["EMULATOR_WEBHOOK_PORT"])
NUMBER = "106540352242922"
ACCOUNT = "102290129340398"
BUDI = "6281234567890"
# Longer than anything here takes: who waits this long has lost.
PATIENCE = 60
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738"
    "550000000049454e44ae426082"
)


class ToEmulator(httpx.HTTPTransport):
    """Connects to the emulator instead of Meta."""

    def handle_request(self, request):
        if request.url.host == "graph.facebook.com":
            emulator = httpx.URL(EMULATOR)
            request.url = request.url.copy_with(scheme=emulator.scheme, host=emulator.host, port=emulator.port)
            request.headers["host"] = emulator.netloc.decode()
        return super().handle_request(request)


def control(path, body=None, method=None):
    """A call to the emulator's control API."""
    payload = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{EMULATOR}/emulator/v1{path}", payload, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.loads(answer.read() or b"null")


class PywaTest(unittest.TestCase):
    """One business, one customer."""

    @classmethod
    def setUpClass(cls):
        cls.wa = WhatsApp(
            phone_id=NUMBER,
            token=ACCESS_TOKEN,
            waba_id=ACCOUNT,
            app_secret=APP_SECRET,
            verify_token=VERIFY_TOKEN,
            server=None,
            session=httpx.Client(transport=ToEmulator()),
        )
        cls.messages, cls.statuses, cls.taps = queue.Queue(), queue.Queue(), queue.Queue()
        cls.forged = queue.Queue()
        cls.wa.on_message()(lambda _, message: cls.messages.put(message))
        cls.wa.on_message_status()(lambda _, status: cls.statuses.put(status))
        cls.wa.on_callback_button()(lambda _, tap: cls.taps.put(tap))
        cls.server = ThreadingHTTPServer(("127.0.0.1", WEBHOOK_PORT), webhook(cls))
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        control("/customers", {"id": "budi", "name": "Budi Älamsyah 🌸", "phone": BUDI, "user_id": "auto"})

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def setUp(self):
        control("/customers/budi/send", {"type": "text", "text": "halo kak / pagi ☀️"})
        self.first = self.messages.get(timeout=PATIENCE)

    def last(self):
        """The newest entry of Budi's chat."""
        return control("/customers/budi/chat")["entries"][-1]

    def test_a_signed_message_arrives_and_is_answered(self):
        self.assertEqual(self.first.text, "halo kak / pagi ☀️")
        self.assertEqual(self.first.from_user.name, "Budi Älamsyah 🌸")
        self.assertEqual(self.first.from_user.wa_id, BUDI)
        sent = self.first.reply_text("Siang Kak", quote=True)
        self.assertEqual(self.last()["text"], "Siang Kak")
        self.assertEqual(self.last()["reply_to"], self.first.id)
        status = self.status_of(sent.id)
        self.assertIn(status.status, (types.MessageStatusType.SENT, types.MessageStatusType.DELIVERED))

    def status_of(self, wamid):
        while True:
            status = self.statuses.get(timeout=PATIENCE)
            if status.id == wamid:
                return status

    def test_a_forged_webhook_is_told_from_a_signed_one(self):
        answer = control("/raw", {"body": {"object": "whatsapp_business_account", "entry": []}, "signature": "wrong"})
        self.assertEqual(answer["status"], 403)

    def test_buttons_and_lists_are_tapped(self):
        self.wa.send_message(
            to=BUDI,
            text="Mau apa, Kak?",
            footer="Toko Contoh",
            buttons=[types.Button(title="Lacak", callback_data="lacak"), types.Button(title="Admin", callback_data="admin")],
        )
        control("/customers/budi/tap", {"title": "admin"})
        self.assertEqual(self.taps.get(timeout=PATIENCE).data, "admin")
        rows = [types.SectionRow(title="Ongkir", callback_data="ongkir", description="ke mana saja")]
        sections = types.SectionList(button_title="Pilih", sections=[types.Section(title="Bantuan", rows=rows)])
        self.wa.send_message(to=BUDI, text="Pilih ya", buttons=sections)
        self.assertEqual(self.last()["rows"][0]["id"], "ongkir")

    def test_media_go_up_and_come_down(self):
        media = self.wa.upload_media(PNG, mime_type="image/png", filename="struk.png")
        self.wa.send_image(to=BUDI, image=media.id, caption="struknya")
        self.assertEqual(self.last()["media"]["id"], media.id)
        found = self.wa.get_media_url(media.id)
        self.assertEqual((found.mime_type, found.file_size), ("image/png", len(PNG)))
        self.assertEqual(self.wa.get_media_bytes(found.url), PNG)
        control("/customers/budi/send", {"type": "document", "filename": "bukti.pdf"})
        sent = self.messages.get(timeout=PATIENCE)
        self.assertTrue(self.wa.get_media_bytes(self.wa.get_media_url(sent.document.id).url).startswith(b"%PDF"))

    def test_a_message_is_read_while_the_business_types(self):
        self.wa.indicate_typing(message_id=self.first.id)
        chat = control("/customers/budi/chat")
        self.assertTrue(chat["typing"])
        self.assertEqual([entry for entry in chat["entries"] if entry["wamid"] == self.first.id][0]["status"], "read")
        self.assertTrue(self.wa.mark_message_as_read(message_id=self.first.id))

    def test_templates_are_listed_and_sent(self):
        templates = {template.name: template for template in self.wa.get_templates(languages=[TemplateLanguage.INDONESIAN])}
        self.assertEqual(str(templates["pesanan_dikirim"].status.value), "APPROVED")
        self.wa.send_template(
            to=BUDI,
            name="pesanan_dikirim",
            language=TemplateLanguage.INDONESIAN,
            params=[BodyText.params("Budi", "TC-10234", "Kamis"), URLButton.params(url_variable="TC-10234", index=0)],
        )
        self.assertIn("TC-10234", self.last()["text"])

    def test_a_closed_window_is_the_error_that_pywa_knows(self):
        control("/customers", {"id": "sri", "name": "Sri", "phone": "6281234500000", "user_id": "auto"})
        with self.assertRaises(ReEngagementMessage):
            self.wa.send_message(to="6281234500000", text="halo")


def webhook(test):
    """What a user of pywa with a server of their own writes, as pywa's documentation says."""

    class Webhook(BaseHTTPRequestHandler):
        def do_GET(self):
            query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
            self.answer(*test.wa.webhook_challenge_handler(query["hub.verify_token"][0], query["hub.challenge"][0]))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            refused = test.wa.webhook_update_validator(body, self.headers.get("X-Hub-Signature-256"))
            self.answer(*(refused or test.wa.webhook_update_handler(body)))

        def answer(self, text, status):
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    return Webhook


if __name__ == "__main__":
    unittest.main()
