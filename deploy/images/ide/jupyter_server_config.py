# The token comes from a file: command lines and environments are visible to every process.
from pathlib import Path

c = get_config()  # noqa: F821 - Jupyter provides it

token = Path("/run/remotegpu/jupyter-token").read_text().strip()
if not token:
    raise ValueError("an empty token would open the server to everyone")
c.IdentityProvider.token = token

c.ServerApp.ip = "0.0.0.0"
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0  # another port would never be reached
c.ServerApp.open_browser = False
c.ServerApp.root_dir = str(Path.home() / "workspace")
c.ServerApp.quit_button = False
c.ServerApp.terminado_settings = {"shell_command": ["/bin/bash", "-l"]}
