import { useMutation } from '@tanstack/react-query';
import { api } from '../api/client';
import { ConfirmDialog } from '../design/ConfirmDialog';

export function ResetPasswordDialog({ name, onSecret, onClose }: { name: string; onSecret: (secret: { user: string; password: string }) => void; onClose: () => void }) {
  const reset = useMutation({
    mutationFn: () => api.setPassword(name, {}),
    onSuccess: ({ password }) => {
      if (password) onSecret({ user: name, password });
      onClose();
    },
  });
  return (
    <ConfirmDialog title={`Reset the password of ${name}?`} keep="Keep it" act="Reset the password" work={reset} onClose={onClose}>
      <p>The password until now is worth nothing any more, and {name} is logged out of every browser, at once. Keys of programs go on working.</p>
      <p>The server makes another password and shows it here once, for you to hand on. {name} can change it under Keys.</p>
    </ConfirmDialog>
  );
}
