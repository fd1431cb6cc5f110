using System.Globalization;

namespace Debyard.Server.Http;

/// <summary>The number of files and connections that this process may have open.</summary>
static class FileDescriptors
{
    const long Unknown = 1024; // the usual soft limit

    /// <summary>The soft limit of RLIMIT_NOFILE, from /proc/self/limits (proc(5)); .NET raises it to the hard limit at its start.</summary>
    public static long Limit()
    {
        try
        {
            return Parse(File.ReadLines("/proc/self/limits"));
        }
        catch (IOException)
        {
            return Unknown;
        }
    }

    internal static long Parse(IEnumerable<string> limits)
    {
        const string name = "Max open files";
        var words = limits
            .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
            ?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is not [var soft, ..] ? Unknown
            : long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : long.MaxValue; // "unlimited"
    }
}
