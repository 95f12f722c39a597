import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../api/queries';
import { rememberedAuthor } from './author';

/** Who decides: the user where the server knows who asks, which it records whatever is typed; else a name that is typed. */
export function useAuthor(): { who: string; setWho: (name: string) => void; isKnown: boolean } {
  const [given, setWho] = useState(rememberedAuthor);
  const user = useQuery(queries.session()).data;
  const isKnown = user !== undefined && !user.isOperator;
  return { who: isKnown ? user.name : given, setWho, isKnown };
}
