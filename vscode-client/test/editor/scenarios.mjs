// What each test in the extension host finds when it starts. The names are those of test/host/*.test.ts.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

export const APP = `from django.utils.encoding import force_text
from django.utils.translation import ugettext as _

é = "é𝒳"; x = _("hello"), force_text(é)
`;

const MODELS = `from django.db import models
from django.utils.translation import ugettext_lazy as _


class Order(models.Model):
    paid = models.BooleanField(_("paid"), default=False)
`;

export const SHOP = {
  "requirements.txt": "Django>=4.2,<5\n",
  "manage.py": "",
  "shop/__init__.py": "",
  "shop/app.py": APP,
  "shop/models.py": MODELS,
  "accounts/__init__.py": "",
  "accounts/ignored.py": "from django.utils.encoding import smart_text, force_text\n",
};

/** A project with an async view, and a helper that queries. */
export const ASYNC_SHOP = {
  ...SHOP,
  "shop/helpers.py": `from shop.models import Order


def newest():
    return Order.objects.latest("pk")
`,
  "shop/views.py": `from asgiref.sync import sync_to_async
from shop.helpers import newest

async def view(request):
    order = newest()
    other = await sync_to_async(newest)()
    return order, other
`,
};

/** A notebook, whose cells see each other's names. */
export const NOTEBOOK = {
  cells: [
    "# Orders",
    ["from django.utils.encoding import force_text\n", "from shop.models import Order"],
    "%matplotlib inline",
    ["é = '𝒳'; force_text(é)\n", "Order.objects.get(pk=1)"],
  ].map((source, index) =>
    index === 0
      ? { cell_type: "markdown", metadata: {}, source }
      : { cell_type: "code", metadata: {}, execution_count: null, outputs: [], source },
  ),
  metadata: { language_info: { name: "python" } },
  nbformat: 4,
  nbformat_minor: 4,
};

/** A project with a longer way before it. */
export const OLD_SHOP = {
  ...SHOP,
  "requirements.txt": "Django>=3.2,<4\ndjango-filter==2.4.0\ncelery==5.3.6\n",
  "pyproject.toml": '[project]\nname = "shop"\nrequires-python = ">=3.8"\n',
  "shop/urls.py": `from django.conf.urls import url

from . import views

urlpatterns = [
    url(r"^orders/$", views.orders),
    url(r"^orders/(?P<pk>\\d+)/$", views.order),
]
`,
  "shop/settings.py": 'USE_L10N = True\nDEFAULT_FILE_STORAGE = "shop.storage.Files"\n',
  "shop/times.py": `from django.utils import timezone

NAME, ZONE = "é𝒳", timezone.utc
`,
  "shop/templates/order.html":
    "{% ifequal order.state 'paid' %}{{ order.total|length_is:'3' }}{% endifequal %}\n",
};

/** An environment with what the editor needs and no Python on PATH. */
export function withoutPython() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "uplift-path-"));
  for (const tool of ["sh", "env", "cat", "uname", "ls", "rm", "dirname", "readlink", "sed", "ps", "which"]) {
    const found = ["/bin", "/usr/bin"].map((bin) => path.join(bin, tool)).find((file) => fs.existsSync(file));
    if (found) fs.symlinkSync(found, path.join(folder, tool));
  }
  // VS Code takes PATH from a login shell, whose profile would bring the system's Python back.
  const shell = path.join(folder, "plainsh");
  fs.writeFileSync(shell, '#!/bin/sh\nfor last; do :; done\nexec /bin/sh -c "$last"\n', { mode: 0o755 });
  return { PATH: folder, SHELL: shell };
}

/** What the launcher says on some Python, before the process ends. */
const says = (greeting, code) => `#!/bin/sh\necho '${greeting}' >&2\nexit ${code}\n`;

/** An interpreter that leaves a mark when it is started, and then is python3. */
const TRAP = '#!/bin/sh\ntouch "$(dirname "$0")/../MARK"\nexec python3 "$@"\n';

/** A stand-in for the Python Environments extension, which selects what the environment says. */
export const ENVIRONMENTS = {
  "ms-python.vscode-python-envs-1.0.0/package.json": {
    name: "vscode-python-envs",
    publisher: "ms-python",
    version: "1.0.0",
    engines: { vscode: "^1.91.0" },
    main: "./main.js",
    activationEvents: [],
    capabilities: { untrustedWorkspaces: { supported: true } },
  },
  "ms-python.vscode-python-envs-1.0.0/main.js": `
    const vscode = require("vscode");
    const changed = new vscode.EventEmitter();
    let executable = () => vscode.workspace.workspaceFolders[0].uri.fsPath + "/.venv/bin/python";
    exports.activate = () => ({
      getEnvironment: async () => ({ execInfo: { run: { executable: executable() } } }),
      onDidChangeEnvironment: changed.event,
      select: (path) => { executable = () => path; changed.fire(); },
    });`,
};

/** A stand-in for the Python extension, with the part of its API that we use. */
export const PYTHON = {
  "ms-python.python-2025.0.0/package.json": {
    name: "python",
    publisher: "ms-python",
    version: "2025.0.0",
    engines: { vscode: "^1.91.0" },
    main: "./main.js",
    activationEvents: [],
  },
  "ms-python.python-2025.0.0/main.js": `
    const vscode = require("vscode");
    const changed = new vscode.EventEmitter();
    let active = vscode.workspace.workspaceFolders[0].uri.fsPath + "/.venv/bin/python";
    exports.activate = () => ({
      environments: {
        getActiveEnvironmentPath: () => ({ id: active, path: active }),
        resolveEnvironment: async ({ path }) => ({ executable: { uri: vscode.Uri.file(path) } }),
        onDidChangeActiveEnvironmentPath: changed.event,
      },
      select: (path) => { active = path; changed.fire({ path }); },
    });`,
};

export const SCENARIOS = {
  basics: {
    files: {
      ...SHOP,
      "shop/admin.py": "from django.utils.translation import ugettext\n",
      "shop/templates/order.html": "{% ifequal order.state 'paid' %}paid{% endifequal %}\n",
      "shop/views.py": `from django.http import HttpResponse
from .models import Order

def orders(request):
    order = Order.objects.get(pk=1)
    return HttpResponse(order.paid)
`,
      "pyproject.toml": '[tool.django-uplift]\nper-file-ignores = { "ignored.py" = ["ALL"] }\n',
    },
    settings: { "[python]": { "editor.codeActionsOnSave": { "source.fixAll.djangoUplift": "explicit" } } },
  },
  async: { files: ASYNC_SHOP },
  notebook: { files: { ...SHOP, "shop/orders.ipynb": NOTEBOOK } },
  push: { files: SHOP, env: { DJANGO_UPLIFT_TEST_PUSH: "1" } },
  missing: {
    files: {
      ...SHOP,
      "tools/old": says('{"python": "3.8.18", "usable": false, "executable": ""}', 3),
      "tools/broken": "#!/bin/sh\nexit 1\n",
      "tools/crashing": says('{"python": "3.12.0", "usable": true, "executable": ""}', 7),
    },
    env: withoutPython,
  },
  untrusted: {
    untrusted: true,
    files: {
      ...SHOP,
      ".venv/bin/python": TRAP,
      "tools/python": TRAP,
      "sitecustomize.py": 'open("MARK", "w")\n',
      ".vscode/settings.json": {
        "djangoUplift.interpreter": ["${workspaceFolder}/tools/python"],
        "djangoUplift.args": ["--nonsense"],
        "djangoUplift.importStrategy": "fromEnvironment",
        "djangoUplift.targetVersion": "5.2",
      },
    },
    extensions: ENVIRONMENTS,
  },
  environments: {
    files: { ...SHOP, ".venv/bin/python": TRAP },
    extensions: ENVIRONMENTS,
  },
  python: {
    files: { ...SHOP, ".venv/bin/python": TRAP },
    extensions: PYTHON,
  },
  pythons: { files: SHOP },
  multiroot: {
    files: {
      "old/requirements.txt": "Django>=3.2,<4\n",
      "old/app.py": APP,
      "new/requirements.txt": "Django>=5.2,<6\n",
      "new/app.py": APP,
      "both.code-workspace": { folders: [{ path: "old" }, { path: "new" }] },
    },
    open: "both.code-workspace",
  },
};
