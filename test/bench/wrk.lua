-- Sends the requests of a file in turn, each as it is: `<length>\n<request>\n`.
local requests = {}
local next = 0

function init()
  local file = assert(io.open(os.getenv('REQUESTS'), 'rb'))
  for length in file:lines() do
    requests[#requests + 1] = file:read(tonumber(length))
    file:read(1)
  end
  file:close()
end

function request()
  next = next % #requests + 1
  return requests[next]
end
