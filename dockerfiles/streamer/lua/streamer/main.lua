-- The command: streamer --config FILE | --version. Exit codes: 0 stopped, 1 cannot run, 2 wrong command line or configuration.
local config = require("streamer.config")
local product = require("streamer.product")
local server = require("streamer.server")
local version = require("streamer.version")

local function log(...)
  io.stderr:write("streamer: ", ...)
  io.stderr:write("\n")
end

local function fail(code, ...)
  log(...)
  os.exit(code)
end

local function run(arguments, started)
  if arguments[1] == "--version" and #arguments == 1 then
    print("streamer " .. version)
    os.exit(0)
  end
  if arguments[1] ~= "--config" or #arguments ~= 2 then fail(2, "usage: streamer --config FILE | --version") end

  local settings, problem = config.load(arguments[2])
  if not settings then fail(2, problem) end
  local serving, unreadable = product.new(settings, version)
  if not serving then fail(2, ("%s (set as 'media' in %s)"):format(unreadable, arguments[2])) end

  local listening, busy = server.listen(settings.listen, function(request) return serving:respond(request, os.time()) end, log)
  if not listening then fail(1, ("cannot listen on %s: %s"):format(settings.listen.text, busy)) end

  log(version, " listens on ", settings.listen.text)
  local refusal = serving:refusal(os.time())
  if refusal then
    log("NO VALID LICENCE, nothing is served: ", refusal)
  else
    log("licensed to ", serving.licence.holder, " until ", serving.licence.expires)
    log("serves ", serving.media_path, " and ", serving.playlist_path, (" (%d segments)"):format(serving.segments))
  end

  started(listening)
  listening:run()
end

return function(arguments)
  local listening
  local _, ending = pcall(run, arguments, function(server_) listening = server_ end)
  -- The interpreter reports SIGINT this way and, with our patch, SIGTERM.
  if not tostring(ending):find("interrupted!", 1, true) then fail(1, tostring(ending)) end
  if listening then
    listening:stop()
    listening:run()
  end
  log("stopped")
end
