# JupyterHub starts one `crmkpi serve` for each person, on whatever machine its spawner uses, and signs them in.
# Beside the hub, where people's servers run: pip install 'jupyter-server-proxy[standalone]', crmkpi, the data, the access file.
# Nobody gets a terminal or a notebook: what answers is jupyter-standaloneproxy, which asks the hub who looks.
# (Where people have JupyterLab on the same machine, they can read the data folder: no access file keeps it from them.)
c = get_config()  # noqa: F821 - JupyterHub's
c.Spawner.cmd = ["jupyter-standaloneproxy", "--config=/srv/crmkpi/standaloneproxy_config.py", "--", "crmkpi", "serve"]
c.Spawner.args = [
    *("--data", "/srv/crmkpi/data", "--access", "/srv/crmkpi/access.toml"),
    *("--port", "{port}", "--base-url", "{base_url}"),
    *("--trust-proxy", "127.0.0.1", "--identity-header", "X-Crmkpi-User"),
]
c.Spawner.default_url = "/"
