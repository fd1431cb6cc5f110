-- Listens, and resumes each client's coroutine when its socket is ready, in one process without threads.
local socket = require("socket")
local connection = require("streamer.connection")
local http = require("streamer.http")

local server = {}
server.__index = server

-- select() supports only descriptors below 1024; a client may use two, its socket and the file.
local CLIENT_LIMIT = 256
-- A signal is noticed when select() returns, so after this time at the latest.
local TURN_SECONDS = 0.25
local DRAIN_SECONDS = 5

-- Returns a listening server, or nil and why it cannot listen. `respond(request)` creates the responses; `log` gets a line for each.
function server.listen(address, respond, log)
  local listener, problem = socket.bind(address.host, address.port, 128)
  if not listener then return nil, problem end
  listener:settimeout(0)
  return setmetatable({
    listener = listener, respond = respond, log = log, clients = {}, count = 0, accept_after = 0, stopping = false,
  }, server)
end

function server:answer(client, request, response)
  local persistent = request ~= nil and request.persistent and not self.stopping
  local length = response.length or #response.text
  local sent = client:send(http.head(response.status, response.headers, length, persistent))
  if sent and not (request and request.method == "HEAD") then
    if response.file then sent = client:send_file(response.file, length) else sent = client:send(response.text) end
  end
  if response.file then response.file:close() end
  local line = request and request.method .. " " .. request.target or "-"
  self.log(('%s "%s" %d %d%s'):format(client.peer, line:gsub("[^\32-\126]", "?"), response.status, length, sent and "" or " cut off"))
  return sent and persistent
end

local function refusal(status)
  return { status = status, headers = { { "Content-Type", "text/plain; charset=utf-8" } }, text = http.phrase(status) .. "\n" }
end

local refusals = { timeout = 408, ["too large"] = 431 }

function server:converse(client)
  local going = true
  while going do
    local head, problem = client:head()
    if problem == "closed" then return end
    local request, status = nil, refusals[problem]
    if head then request, status = http.request(head) end
    going = self:answer(client, request, request and self.respond(request) or refusal(status))
  end
  client:finish()
end

function server:drop(client)
  if self.clients[client] then
    self.clients[client] = nil
    self.count = self.count - 1
    client:close()
  end
end

-- Runs a client until it waits again, and stores what it waits for; removes it when it is done.
function server:turn(client, ...)
  local alive, kind, deadline = coroutine.resume(client.thread, ...)
  if not alive then self.log(tostring(kind)) end
  if coroutine.status(client.thread) == "dead" then return self:drop(client) end
  client.waits_for, client.deadline = kind, deadline
end

function server:accept()
  local accepted, problem = self.listener:accept()
  if not accepted then
    -- For example, there are no free descriptors. The client stays in the queue, and accepting again at once would be a busy loop.
    if problem ~= "timeout" then self.accept_after = socket.gettime() + 1 end
    return
  end
  local client = connection.new(accepted)
  client.peer = accepted:getpeername() or "-"
  client.thread = coroutine.create(function() self:converse(client) end)
  self.clients[client], self.count = true, self.count + 1
  self:turn(client)
end

-- When stopping: clients between two requests are closed at once, the others after the grace time.
function server:drop_idle()
  local idle = {}
  for client in pairs(self.clients) do
    if client.idle or socket.gettime() >= self.drained_by then idle[#idle + 1] = client end
  end
  for _, client in ipairs(idle) do self:drop(client) end
end

-- Waits until at least one socket is ready, and runs all ready clients once.
function server:step()
  if self.stopping then self:drop_idle() end
  local reading, writing, by_socket = {}, {}, {}
  if not self.stopping and self.count < CLIENT_LIMIT and socket.gettime() >= self.accept_after then reading[1] = self.listener end
  for client in pairs(self.clients) do
    local set = client.waits_for == "read" and reading or writing
    set[#set + 1] = client.client
    by_socket[client.client] = client
  end
  local readable, writable = socket.select(reading, writing, TURN_SECONDS)
  for _, set in ipairs { readable, writable } do
    for _, ready in ipairs(set) do
      if ready == self.listener then self:accept() else self:turn(by_socket[ready], true) end
    end
  end
  local now = socket.gettime()
  local late = {}
  for client in pairs(self.clients) do
    if client.deadline <= now then late[#late + 1] = client end
  end
  for _, client in ipairs(late) do self:turn(client, false) end
end

-- Serves until a signal interrupts it with an error, or, after `stop`, until the last client has disconnected.
function server:run()
  repeat self:step() until self.stopping and self.count == 0
end

-- Accepts no more clients and gives the present ones time to finish.
function server:stop()
  self.stopping, self.drained_by = true, socket.gettime() + DRAIN_SECONDS
  self.listener:close()
end

return server
