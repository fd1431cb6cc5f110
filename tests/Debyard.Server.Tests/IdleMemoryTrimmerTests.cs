using System.Runtime.CompilerServices;
using Debyard.Server.Memory;
using Debyard.Server.Tests.Faults;

namespace Debyard.Server.Tests;

/// <summary>Not in parallel with other tests, whose allocations count as work.</summary>
[Collection(nameof(OneAtATime))]
public sealed class IdleMemoryTrimmerTests
{
    [Fact]
    public void Memory_is_returned_once_after_work_and_not_again_before_there_was_more()
    {
        var trimmer = new IdleMemoryTrimmer();
        trimmer.CollectIfIdle();
        var left = Work();

        trimmer.CollectIfIdle();
        var atWork = GC.CollectionCount(GC.MaxGeneration);
        trimmer.CollectIfIdle();
        var atRest = GC.CollectionCount(GC.MaxGeneration);
        trimmer.CollectIfIdle();

        Assert.Equal((atWork + 1, atWork + 1), (atRest, GC.CollectionCount(GC.MaxGeneration)));
        Assert.False(left.IsAlive);
    }

    // Not inlined, so that the test's own stack holds no reference.
    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference Work() => new(new byte[4 * 1024 * 1024]);
}
