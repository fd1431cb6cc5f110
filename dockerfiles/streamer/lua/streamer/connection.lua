-- One client: reads request heads and sends bytes without blocking other clients. It runs in a coroutine, which yields what it waits
-- for ("read" or "write") and a deadline. The server resumes it with true, or with false after the deadline.
local socket = require("socket")

local connection = {}
connection.__index = connection

local HEAD_LIMIT, CHUNK = 8192, 65536
local HEAD_SECONDS, SEND_SECONDS, LINGER_SECONDS = 15, 30, 2

function connection.new(client)
  client:settimeout(0)
  client:setoption("tcp-nodelay", true)
  return setmetatable({ client = client, buffer = "", idle = false }, connection)
end

-- Returns the next request head without its blank line, or nil and "closed", "timeout" or "too large". Later bytes are kept.
function connection:head()
  local deadline = socket.gettime() + HEAD_SECONDS
  while true do
    -- RFC 9112 2.2: empty lines before a request are skipped.
    self.buffer = self.buffer:gsub("^[\r\n]+", "")
    local from, to = self.buffer:find("\r?\n\r?\n")
    if from then
      local head = self.buffer:sub(1, from - 1)
      self.buffer = self.buffer:sub(to + 1)
      return head
    end
    if #self.buffer >= HEAD_LIMIT then return nil, "too large" end
    local data, problem, partial = self.client:receive(HEAD_LIMIT - #self.buffer)
    data = data or partial
    if #data > 0 then
      self.buffer = self.buffer .. data
    elseif problem ~= "timeout" then
      return nil, "closed"
    else
      self.idle = self.buffer == ""
      local ready = coroutine.yield("read", deadline)
      self.idle = false
      if not ready then return nil, self.buffer == "" and "closed" or "timeout" end
    end
  end
end

-- Returns true once the system has accepted all of `data`; false if the client has disconnected or reads nothing for too long.
function connection:send(data)
  local sent = 0
  while sent < #data do
    local last, problem, partial = self.client:send(data, sent + 1)
    sent = last or partial
    if sent < #data then
      if problem ~= "timeout" then return false end
      if not coroutine.yield("write", socket.gettime() + SEND_SECONDS) then return false end
    end
  end
  return true
end

-- Sends `length` bytes of an open file from its position; also returns false if the file is shorter than that.
function connection:send_file(file, length)
  while length > 0 do
    local data = file:read(math.min(CHUNK, length))
    if not data or not self:send(data) then return false end
    length = length - #data
  end
  return true
end

-- Closes after the client has read everything: closing while bytes are unread would reset the connection, and the client would lose
-- the answer (RFC 9112 9.6).
function connection:finish()
  local deadline = socket.gettime() + LINGER_SECONDS
  self.client:shutdown("send")
  repeat
    local _, problem, partial = self.client:receive(HEAD_LIMIT)
    local closed = problem == "closed" or socket.gettime() >= deadline
  until closed or (problem == "timeout" and #partial == 0 and not coroutine.yield("read", deadline))
end

function connection:close()
  self.client:close()
end

return connection
