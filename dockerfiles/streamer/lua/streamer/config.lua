-- The configuration file: one `name = value` per line; '#' starts a comment. See README.md beside the Dockerfile.
local config = {}

local function text(value) return value end

local function seconds(value)
  local number = tonumber(value)
  if number and number > 0 and number < math.huge then return number end
  return nil, "must be a number of seconds above zero"
end

local function address(value)
  local host, port = value:match("^%[([%x:.]+)%]:(%d+)$")
  if not host then host, port = value:match("^([^:%s]+):(%d+)$") end
  port = math.tointeger(tonumber(port or ""))
  if port and port >= 1 and port <= 65535 then return { host = host, port = port, text = value } end
  return nil, "must be host:port, such as 127.0.0.1:8080 or [::]:8080"
end

local settings = {
  listen = { read = address },
  licence = { read = text },
  media = { read = text },
  segment = { read = seconds, default = 6 },
}

local function known()
  local names = {}
  for name in pairs(settings) do names[#names + 1] = name end
  table.sort(names)
  return table.concat(names, ", ")
end

-- Returns the settings, or nil and a message that names the file, the line and the remedy.
function config.parse(content, file)
  local values, number = {}, 0
  for line in (content .. "\n"):gmatch("(.-)\r?\n") do
    number = number + 1
    local function wrong(message) return nil, ("%s:%d: %s"):format(file, number, message) end
    local meaning = line:gsub("^%s*#.*", ""):gsub("%s+#.*", ""):match("^%s*(.-)%s*$")
    if meaning ~= "" then
      local name, value = meaning:match("^([%w-]+)%s*=%s*(.+)$")
      if not name then return wrong(("expected 'name = value', found '%s'"):format(meaning)) end
      local setting = settings[name]
      if not setting then return wrong(("unknown setting '%s'; known are: %s"):format(name, known())) end
      if values[name] ~= nil then return wrong(("'%s' is set twice"):format(name)) end
      local read, problem = setting.read(value)
      if read == nil then return wrong(("'%s' %s, found '%s'"):format(name, problem, value)) end
      values[name] = read
    end
  end
  for name, setting in pairs(settings) do
    if values[name] == nil then values[name] = setting.default end
  end
  for _, name in ipairs { "listen", "licence", "media" } do
    if values[name] == nil then return nil, ("%s: '%s' is missing"):format(file, name) end
  end
  return values
end

function config.load(file)
  local handle, problem = io.open(file, "r")
  if not handle then return nil, "cannot read the configuration " .. problem end
  local content, unreadable = handle:read("a")
  handle:close()
  if not content then return nil, ("cannot read the configuration %s: %s"):format(file, unreadable) end
  return config.parse(content, file)
end

return config
