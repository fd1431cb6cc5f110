-- Writes small transport streams: tables, then frames with one packet each.
local stream = {}

local function packet(pid, start, payload, random)
  local room = 184 - #payload
  local head = string.pack(">BI2", 0x47, (start and 0x4000 or 0) | pid)
  if room == 0 then return head .. "\x10" .. payload end
  local adaptation = string.char(room - 1)
  if room > 1 then adaptation = adaptation .. string.char(random and 0x40 or 0) .. ("\xff"):rep(room - 2) end
  return head .. "\x30" .. adaptation .. payload
end

local function section(kind, content)
  return "\0" .. string.pack(">BI2", kind, 0xb000 | #content + 9) .. "\0\1\xc1\0\0" .. content .. "\0\0\0\0"
end

function stream.tables()
  return packet(0, true, section(0, string.pack(">I2I2", 1, 0xe000 | 0x1000)))
    .. packet(0x1000, true, section(2, string.pack(">I2I2BI2I2BI2I2", 0xe100, 0xf000, 0x0f, 0xe101, 0xf000, 0x1b, 0xe100, 0xf000)))
end

function stream.frame(time, key)
  local pts = string.pack(">BI2I2", 0x21 | (time >> 30 & 7) << 1, (time >> 15 & 0x7fff) << 1 | 1, (time & 0x7fff) << 1 | 1)
  return packet(0x100, true, "\0\0\1\xe0\0\0\x80\x80\5" .. pts .. "picture", key)
end

function stream.audio() return packet(0x101, true, "\0\0\1\xc0\0\0\x80\0\0sound") end

-- 25 frames per second, a key frame each second, and tables before each key frame.
function stream.seconds(count, from)
  local parts = {}
  for i = 0, count * 25 - 1 do
    if i % 25 == 0 then parts[#parts + 1] = stream.tables() end
    parts[#parts + 1] = stream.frame((from + i * 3600) & 0x1ffffffff, i % 25 == 0)
    parts[#parts + 1] = stream.audio()
  end
  return table.concat(parts)
end

-- Passes a temporary file with these bytes to `use`, then deletes it.
function stream.as_file(bytes, use)
  local name = os.tmpname()
  local file = assert(io.open(name, "w+b"))
  file:write(bytes)
  file:seek("set", 0)
  local ok, problem = pcall(use, file, name)
  file:close()
  os.remove(name)
  if not ok then error(problem, 0) end
end

return stream
