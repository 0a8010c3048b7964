-- Run by test_neovim.py inside headless Neovim, 0.7 or newer. Leaves with a message and :cquit where something fails.
-- Environment: SERVER (its command, words split at spaces), FOLDER, FILE.
local folder, file = vim.env.FOLDER, vim.env.FOLDER .. "/" .. vim.env.FILE

local function fail(message)
  io.stderr:write("FAILED " .. tostring(message) .. "\n")
  vim.cmd("cquit 1")
end

local function wait(what, done)
  if not vim.wait(20000, done, 20) then fail("timeout: " .. what) end
end

local function choose(title)
  -- Neovim 0.7 has no way to apply a code action by its title: answer the question that it asks.
  local ask, chosen = vim.ui.select, false
  vim.ui.select = function(items, options, answer)
    vim.ui.select = ask
    for index, item in ipairs(items) do
      local action = item.action or item[2]
      if action.title == title then chosen = true; answer(item, index); return end
    end
    fail("no action " .. title .. " in " .. vim.inspect(items))
  end
  vim.lsp.buf.code_action()
  wait("the choice of " .. title, function() return chosen end)
end

local ok, message = xpcall(function()
  vim.cmd("edit " .. vim.fn.fnameescape(file))
  local buffer = vim.api.nvim_get_current_buf()
  local options = {
    name = "django-uplift",
    cmd = vim.split(vim.env.SERVER, " "),
    root_dir = folder,
    workspace_folders = { { uri = vim.uri_from_fname(folder), name = "root" } },
  }
  local id
  if vim.lsp.start then id = vim.lsp.start(options)
  else id = vim.lsp.start_client(options); vim.lsp.buf_attach_client(buffer, id) end
  local function found() return #vim.diagnostic.get(buffer, { severity = { min = vim.diagnostic.severity.WARN } }) end
  wait("diagnostics", function() return found() == 2 end)
  local seen = vim.diagnostic.get(buffer, { severity = { min = vim.diagnostic.severity.WARN } })
  table.sort(seen, function(a, b) return a.lnum < b.lnum end)
  for _, d in ipairs(seen) do
    -- Neovim counts columns in bytes: what stands there says whether all units were converted rightly.
    local line = vim.api.nvim_buf_get_lines(buffer, d.lnum, d.lnum + 1, false)[1]
    print(("SEEN %s %s %s"):format(d.code or "?", d.source, line:sub(d.col + 1, d.end_col)))
  end
  -- The attribute behind the emoji first, then the import.
  vim.api.nvim_win_set_cursor(0, { seen[2].lnum + 1, seen[2].col })
  choose("Replace with smart_str")
  wait("the first fix", function() return found() == 1 end)
  vim.api.nvim_win_set_cursor(0, { seen[1].lnum + 1, seen[1].col })
  choose("Replace with force_str")
  wait("the second fix", function() return found() == 0 end)
  vim.cmd("write")
  local client = vim.lsp.get_client_by_id(id)
  local pulls = client.server_capabilities.diagnosticProvider ~= nil
  vim.lsp.stop_client(id)
  wait("the server's end", function() return vim.lsp.get_client_by_id(id) == nil end)
  print("PULLS " .. tostring(pulls))
  print("VERSION " .. tostring(vim.version().major) .. "." .. tostring(vim.version().minor))
end, debug.traceback)
if not ok then fail(message) end
vim.cmd("qall!")
