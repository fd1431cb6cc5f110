local check = require("check")
local config = require("streamer.config")

local complete = "listen = 127.0.0.1:8080\nlicence = /etc/licence\nmedia = /srv/a.ts\n"

local function refused(content, message)
  local values, problem = config.parse(content, "streamer.conf")
  check.equal(nil, values)
  check.equal("streamer.conf" .. message, problem)
end

return {
  ["settings are read, comments and blank lines are not"] = function()
    local values = assert(config.parse("# a comment\n\n" .. complete .. "segment = 2.5 # seconds\r\n", "streamer.conf"))
    check.equal("127.0.0.1", values.listen.host)
    check.equal(8080, values.listen.port)
    check.equal("/srv/a.ts", values.media)
    check.equal(2.5, values.segment)
  end,
  ["an IPv6 address stands in brackets"] = function()
    check.equal("::", assert(config.parse("listen = [::]:80\nlicence = l\nmedia = m", "streamer.conf")).listen.host)
  end,
  ["an unknown setting is named with its line and the known ones"] = function()
    refused(complete .. "medai = x\n", ":4: unknown setting 'medai'; known are: licence, listen, media, segment")
  end,
  ["a line that is no setting is refused"] = function() refused("hello\n", ":1: expected 'name = value', found 'hello'") end,
  ["a setting counts once"] = function() refused(complete .. "media = /b.ts", ":4: 'media' is set twice") end,
  ["a missing setting is named"] = function() refused("listen = a:1\nlicence = l\n", ": 'media' is missing") end,
  ["a port must exist"] = function()
    refused("listen = a:70000", ":1: 'listen' must be host:port, such as 127.0.0.1:8080 or [::]:8080, found 'a:70000'")
  end,
  ["a segment takes time"] = function()
    refused("segment = 0", ":1: 'segment' must be a number of seconds above zero, found '0'")
  end,
  ["a missing file is one message"] = function()
    local values, problem = config.load("/nowhere/streamer.conf")
    check.equal(nil, values)
    check.equal("cannot read the configuration /nowhere/streamer.conf: No such file or directory", problem)
    check.equal("cannot read the configuration /tmp: Is a directory", select(2, config.load("/tmp")))
  end,
}
