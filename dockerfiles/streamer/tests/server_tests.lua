local socket = require("socket")
local check = require("check")
local server = require("streamer.server")

-- A server on a free port and clients in the same process: `exchange` runs the server until the client has its answer.
local function with_server(use)
  local log = {}
  local function respond(request)
    if request.path == "/fault" then error("a fault of ours") end
    local large = request.path == "/large" and ("x"):rep(5000000)
    return { status = 200, headers = {}, text = large or request.method .. " " .. request.path }
  end
  local serving = assert(server.listen({ host = "127.0.0.1", port = 0 }, respond, function(line) log[#log + 1] = line end))
  local _, port = serving.listener:getsockname()
  local function connect()
    local client = assert(socket.connect("127.0.0.1", port))
    client:settimeout(0)
    return client
  end
  local function exchange(client, text, complete)
    client:send(text)
    local received = ""
    for _ = 1, 10000 do
      serving:step()
      local data, problem, partial = client:receive(1000000)
      received = received .. (data or partial)
      if problem == "closed" or (complete and received:find(complete, 1, true)) then return received, problem end
    end
    error("no answer to " .. text)
  end
  local ok, problem = pcall(use, connect, exchange, log, serving)
  serving.listener:close()
  if not ok then error(problem, 0) end
end

local function body(answer) return answer:match("\r\n\r\n(.*)$") end

return {
  ["a connection stays open for the next request"] = function()
    with_server(function(connect, exchange, log)
      local client = connect()
      check.contains("HTTP/1.1 200 OK\r\n", exchange(client, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a"))
      check.contains("Connection: keep-alive", exchange(client, "GET /b?c=d HTTP/1.1\r\nHost: x\r\n\r\n", "GET /b"))
      check.equal('127.0.0.1 "GET /b?c=d" 200 6', log[2])
      client:close()
    end)
  end,
  ["requests sent together are answered in order"] = function()
    with_server(function(connect, exchange)
      local request = "GET /%s HTTP/1.1\r\nHost: x\r\n\r\n"
      local answer = exchange(connect(), request:format("one") .. request:format("two"), "GET /two")
      check.contains("GET /one", answer)
    end)
  end,
  ["HEAD is GET without the body"] = function()
    with_server(function(connect, exchange)
      local answer = exchange(connect(), "HEAD /a HTTP/1.0\r\n\r\n")
      check.contains("Content-Length: 7", answer)
      check.equal("", body(answer))
    end)
  end,
  ["a client that does not read holds up no other"] = function()
    with_server(function(connect, exchange, log)
      local lazy = connect()
      lazy:send("GET /large HTTP/1.0\r\n\r\n")
      for i = 1, 20 do check.equal("GET /" .. i, body(exchange(connect(), ("GET /%d HTTP/1.0\r\n\r\n"):format(i)))) end
      check.equal(20, #log)
      check.equal(5000000, #body(exchange(lazy, "")))
      check.equal('127.0.0.1 "GET /large" 200 5000000', log[21])
    end)
  end,
  ["a head may come in pieces"] = function()
    with_server(function(connect, exchange, _, serving)
      local client = connect()
      for piece in ("GET /slow HTTP/1.0\r\nX: "):gmatch(".") do
        client:send(piece)
        serving:step()
      end
      check.equal("GET /slow", body(exchange(client, "y\r\n\r\n")))
    end)
  end,
  ["blanks around a header's value are not part of it"] = function()
    with_server(function(connect, exchange)
      local request = "GET /a HTTP/1.1\r\nHost:\r\nX: %s\r\nConnection: \t close \t\r\n\r\n"
      check.contains("Connection: close", exchange(connect(), request:format((" "):rep(5000) .. "y")))
    end)
  end,
  ["what is not HTTP is refused and closed"] = function()
    with_server(function(connect, exchange)
      check.contains("HTTP/1.1 400 ", exchange(connect(), "hello\r\n\r\n"))
      check.contains("HTTP/1.1 400 ", exchange(connect(), "GET / HTTP/1.1\r\n\r\n"))
      check.contains("HTTP/1.1 505 ", exchange(connect(), "GET / HTTP/2.0\r\n\r\n"))
      check.contains("HTTP/1.1 431 ", exchange(connect(), "GET /" .. ("a"):rep(9000)))
    end)
  end,
  ["a body is not taken for the next request"] = function()
    with_server(function(connect, exchange, log)
      local answer = exchange(connect(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 19\r\n\r\nGET /b HTTP/1.0\r\n\r\n")
      check.contains("POST /", answer)
      check.equal(1, #log)
    end)
  end,
  ["a fault of ours ends one connection only"] = function()
    with_server(function(connect, exchange, log)
      exchange(connect(), "GET /fault HTTP/1.0\r\n\r\n")
      check.contains("a fault of ours", log[1])
      check.equal("GET /", body(exchange(connect(), "GET / HTTP/1.0\r\n\r\n")))
    end)
  end,
  ["stopping lets the answers under way finish and closes idle connections"] = function()
    with_server(function(connect, exchange, log, serving)
      local idle, busy = connect(), connect()
      exchange(idle, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a")
      busy:send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
      while serving.count < 2 do serving:step() end
      serving:stop()
      check.equal(5000000, #body(exchange(busy, "")))
      check.equal('127.0.0.1 "GET /large" 200 5000000', log[2])
      local _, problem = idle:receive(1)
      check.equal("closed", problem)
      serving:run()
      check.equal(0, serving.count)
    end)
  end,
}
