using System.Security.Cryptography;
using System.Text;
using Nuke.Common.IO;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>Which targets succeeded so far, for <c>--continue</c> after a failure.</summary>
static class BuildAttempt
{
    static AbsolutePath RecordFile => NukeBuild.TemporaryDirectory / "build-attempt.log";

    /// <returns>The targets that need not run again.</returns>
    public static IReadOnlyCollection<string> Start(bool continues)
    {
        var invocation = Invocation();
        string[] done = [];
        if (continues && RecordFile.FileExists())
        {
            var record = RecordFile.ReadAllLines();
            if (record.FirstOrDefault() == invocation)
                done = record[1..];
            else
                Log.Warning("Build invocation changed. Restarting ...");
        }
        File.WriteAllLines(RecordFile, [invocation, .. done]);
        return done;
    }

    public static void Add(string target) => File.AppendAllLines(RecordFile, [target]);

    // Targets and values make the invocation, names of options do not: --continue itself must not change it.
    static string Invocation()
    {
        var words = string.Join(' ', EnvironmentInfo.CommandLineArguments.Where(x => !x.StartsWith('-')));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words)));
    }
}
