using System.Runtime.CompilerServices;

namespace Debyard.Testing;

/// <summary>Whole files compared with reviewed ones in <c>golden/</c> beside the test. <c>UPDATE_GOLDEN=1</c> writes them.</summary>
public static class Golden
{
    public static void Equal(string actual, string fileName, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, "golden", fileName);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
