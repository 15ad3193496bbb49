# Beside jupyterhub_config.py: before each person's `crmkpi serve`. It signs them in at the hub and says who they are; what a
# browser sends under that name is replaced.
import os

c = get_config()  # noqa: F821 - Jupyter's
c.StandaloneProxyServer.absolute_url = True
c.StandaloneProxyServer.timeout = 60
c.StandaloneProxyServer.request_headers_override = {"X-Crmkpi-User": os.environ["JUPYTERHUB_USER"]}
