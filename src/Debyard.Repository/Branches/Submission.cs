namespace Debyard.Repository.Branches;

/// <summary>A request to a branch's publisher. It is answered once its result is durable and visible to clients.</summary>
abstract class Submission
{
    public abstract void Answer();

    public abstract void Fail(Exception exception);
}

/// <summary>A change of what the branch lists. Changes that wait at the same time are published together.</summary>
abstract class ContentChange : Submission
{
    /// <summary>Applies the request to the transaction, in memory only.</summary>
    public abstract Task DecideAsync(BranchTransaction transaction);
}

/// <summary>A change of the branch as a whole, such as its retirement. No publish runs at the same time.</summary>
abstract class Relocation : Submission
{
    public abstract Task<BranchState> MoveAsync(BranchState state);
}

sealed class ContentChange<T>(Func<BranchTransaction, Task<T>> decide) : ContentChange
{
    readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    T outcome = default!;

    public Task<T> Answered => answer.Task;

    public override async Task DecideAsync(BranchTransaction transaction) => outcome = await decide(transaction);

    public override void Answer() => answer.TrySetResult(outcome);

    public override void Fail(Exception exception) => answer.TrySetException(exception);
}

sealed class Relocation<T>(Func<BranchState, Task<(BranchState State, T Outcome)>> move) : Relocation
{
    readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    T outcome = default!;

    public Task<T> Answered => answer.Task;

    public override async Task<BranchState> MoveAsync(BranchState state)
    {
        (state, outcome) = await move(state);
        return state;
    }

    public override void Answer() => answer.TrySetResult(outcome);

    public override void Fail(Exception exception) => answer.TrySetException(exception);
}
