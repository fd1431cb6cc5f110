-- A licence: holder, expiry date, and a checksum over both, which detects changes.
local sha256 = require("streamer.sha256")

local licence = {}

local lines = "^holder: ([^\n]+)\nexpires: (%d%d%d%d%-%d%d%-%d%d)\nchecksum: (%x+)\n$"

-- The text that the checksum covers: the first two lines.
local function signed(holder, expires) return ("holder: %s\nexpires: %s\n"):format(holder, expires) end

-- Returns holder and last valid day of a licence, or nil and the reason why it is not valid. `expired` checks the day.
function licence.parse(content)
  local holder, expires, checksum = content:gsub("\r\n", "\n"):match(lines)
  if not holder then return nil, "the licence file is not in the form 'holder', 'expires', 'checksum'" end
  if checksum:lower() ~= sha256(signed(holder, expires)) then return nil, "the licence was altered: its checksum is wrong" end
  return { holder = holder, expires = expires }
end

function licence.load(file)
  local handle = io.open(file, "r")
  local content = handle and handle:read(4096)
  if handle then handle:close() end
  if not content then return nil, "there is no licence file " .. file end
  return licence.parse(content)
end

-- The licence is valid on its last day, in UTC. ISO dates sort as text.
function licence.expired(self, time)
  return os.date("!%Y-%m-%d", time) > self.expires
end

return licence
