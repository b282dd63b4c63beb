import threading
import unittest
import urllib.request
from http.server import ThreadingHTTPServer

from app import Handler


class Health(unittest.TestCase):
    def test_answers_its_health_path(self) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/health") as answer:
            self.assertEqual(answer.status, 200)


if __name__ == "__main__":
    unittest.main()
